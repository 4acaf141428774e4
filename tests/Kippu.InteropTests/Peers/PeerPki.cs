using Kippu.InteropTests.Machinery;
using Kippu.Tests;

namespace Kippu.InteropTests.Peers;

/// <summary>The test PKI, as objects for our side and as files, written once a run, for the others.</summary>
internal static class PeerPki
{
    private static readonly string[] s_names = ["localhost", "127.0.0.1", "*.kippu.example"];
    private static readonly TempFolder s_folder = DeletedAtExit();

    public static string Root { get; } = TestPki.WriteRoot(s_folder.Path);

    public static PeerCredential Ecdsa { get; } = Write(TestPki.ServerFor(TestKey.EcdsaP256, s_names), "server-ecdsa");

    public static PeerCredential Rsa { get; } = Write(TestPki.ServerFor(TestKey.Rsa2048, s_names), "server-rsa");

    public static PeerCredential EcdsaP384 { get; } = Write(TestPki.ServerFor(TestKey.EcdsaP384, s_names), "server-p384");

    public static PeerCredential EcdsaP521 { get; } = Write(TestPki.ServerFor(TestKey.EcdsaP521, s_names), "server-p521");

    public static PeerCredential ClientEcdsa { get; } = Write(TestPki.Client, "client-ecdsa");

    public static PeerCredential ClientRsa { get; } = Write(TestPki.RsaClient, "client-rsa");

    private static PeerCredential Write(TestIdentity identity, string name)
    {
        var (certificate, key) = identity.WritePem(s_folder.Path, name);
        var intermediates = s_folder.Write(name + ".chain", string.Concat(identity.Intermediates.Select(intermediate => intermediate.ExportCertificatePem() + "\n")));
        return new PeerCredential(certificate, key, intermediates, identity);
    }

    private static TempFolder DeletedAtExit()
    {
        var folder = new TempFolder();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Dispose();
        return folder;
    }
}
