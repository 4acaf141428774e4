using System.Security.Cryptography;

namespace Kippu.Fleet.Tests;

/// <summary>A directory of its own for each test, removed at the end.</summary>
internal sealed class RingFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("kippu-fleet-").FullName;

    public string Ring => this["fleet.ring"];

    public string this[string name] => Path.Combine(Root, name);

    /// <summary>An operator key in a file.</summary>
    public string OperatorKey(string name = "operator.key")
    {
        File.WriteAllBytes(this[name], RandomNumberGenerator.GetBytes(32));
        return this[name];
    }

    /// <summary>Replaces a file as writers should.</summary>
    public void Put(ReadOnlySpan<byte> content, string name = "fleet.ring")
    {
        File.WriteAllBytes(this[name] + ".part", content);
        File.Move(this[name] + ".part", this[name], overwrite: true);
    }

    public void Put(TicketKeyRing ring, string name = "fleet.ring") => Put(Sample.Json(ring), name);

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
