using Xunit;

namespace Kippu.Tests.Architecture;

public sealed class RoomsTests
{
    public static TheoryData<string> Rooms => new(Room.MayUse.Keys);

    [Fact]
    public void Every_folder_is_a_room_with_a_place_in_the_order() =>
        Violations.None(Room.Types.Select(Room.Of).OfType<string>().Except(Room.MayUse.Keys));

    [Fact]
    public void Every_type_stands_in_one_file_named_after_it() =>
        Violations.None(Room.Types.Where(type => Room.FilesFor(type) != 1).Select(type => $"{type.FullName}: found in {Room.FilesFor(type)} rooms"));

    [Theory, MemberData(nameof(Rooms))]
    public void A_room_uses_only_what_stands_to_its_left(string room)
    {
        var allowed = Room.MayUse[room].Append(room);

        var violations =
            from type in Room.Types
            where Room.Of(type) == room
            from reference in TypeReferences.Of(type)
            let other = Room.Of(reference.Type)
            where other is not null && !allowed.Contains(other)
            select $"{reference.Member} uses {reference.Type.Name} of {other}";

        Violations.None(violations);
    }

    [Fact]
    public void Nothing_outside_Transport_waits()
    {
        // The public contract of a signer that lives elsewhere. The core never calls it: it asks, and Transport awaits. And SslStream's callback for
        // certificates, in the shape of ours: it answers at once.
        string[] contracts = ["ITlsSigner.SignAsync", "IReplayGuard.TryUseAsync", "MemoryReplayGuard.TryUseAsync", "RemoteValidation.AskAsync"];

        var violations =
            from type in Room.Types
            where Room.Of(type) != Room.Transport
            from reference in TypeReferences.Of(type, intoDelegates: false)
            where reference.Type.Namespace is "System.Threading.Tasks" or "System.Threading.Tasks.Sources" or "System.IO.Pipelines"
            where !contracts.Contains(reference.Member)
            select $"{reference.Member} uses {reference.Type.Name}";

        Violations.None(violations);
    }

    [Fact]
    public void The_library_knows_no_sockets()
    {
        var violations =
            from type in Room.Types
            from reference in TypeReferences.Of(type)
            where reference.Type.Namespace is { } name && (name.StartsWith("System.Net.Sockets", StringComparison.Ordinal) || name == "System.Net.Http")
            select $"{reference.Member} uses {reference.Type.Name}";

        Violations.None(violations);
    }

    [Fact]
    public void Only_Crypto_calls_the_platforms_ciphers_macs_and_key_operations()
    {
        // Digests without a key, randomness and comparison are for all rooms.
        string[] forAll = ["CryptographicOperations", "RandomNumberGenerator", "HashAlgorithmName", "CryptographicException", "IncrementalHash", "SHA256"];

        // X509Certificate2 gives and takes keys, names and encodings; that the keys are used in Crypto/Signatures only is for reviewers to see.
        string[] forCertificates = ["AsymmetricAlgorithm", "ECDsa", "RSA", "Oid", "OidCollection", "AsnEncodedData", "PemEncoding", "PemFields"];

        var violations =
            from type in Room.Types
            let room = Room.Of(type)
            where room != "Crypto"
            let allowed = room == "Certificates" ? forAll.Concat(forCertificates) : forAll
            from reference in TypeReferences.Of(type)
            where reference.Type.Namespace is "System.Security.Cryptography" && !allowed.Contains(reference.Type.Name)
            select $"{room}: {reference.Member} uses {reference.Type.Name}";

        Violations.None(violations);
    }
}
