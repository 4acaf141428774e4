using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Kippu.Fleet.Tests;

public sealed class ContractTests
{
    private static readonly string[] s_contract =
    [
        nameof(FixedRing), nameof(IRingSource), nameof(RingOrder), nameof(RotationSchedule), nameof(StoredFormatException),
        nameof(TicketKey), nameof(TicketKeyId), nameof(TicketKeyRing), nameof(TicketKeyState),
    ];

    /// <summary>ARCHITECTURE.md: the fleet stands on the ring's contract, and knows nothing of handshakes.</summary>
    [Fact]
    public void The_fleet_knows_the_ring_and_nothing_else_of_the_library()
    {
        using var file = new PEReader(File.OpenRead(typeof(FileRing).Assembly.Location));
        var metadata = file.GetMetadataReader();
        var used = new List<string>();
        foreach (var handle in metadata.TypeReferences)
        {
            var type = metadata.GetTypeReference(handle);
            if (type.ResolutionScope.Kind == HandleKind.AssemblyReference
                && metadata.GetString(metadata.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope).Name) == "Kippu")
            {
                used.Add(metadata.GetString(type.Name));
            }
        }

        Assert.Contains(nameof(TicketKeyRing), used);
        Assert.Empty(used.Except(s_contract));
    }
}
