using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Kippu.BogoShim;

/// <summary>What the test expects of a connection whose handshake is complete.</summary>
internal static class ConnectionExpectations
{
    public static void Check(bool isServer, FlagSet flags, TlsConnectionInfo info, bool isLater, bool wasRejected)
    {
        if (isLater && info.IsResumed == flags.Has("expect-session-miss"))
        {
            throw new ShimFailure(info.IsResumed ? "the session was resumed" : $"the session was not resumed ({info.TicketRefusal})");
        }

        CheckParameters(isServer, flags, info);
        CheckNames(isServer, flags, info);
        CheckEarlyData(flags, info, wasRejected);
        CheckPeer(flags, info);
    }

    private static void CheckParameters(bool isServer, FlagSet flags, TlsConnectionInfo info)
    {
        Expect(flags.Int("expect-version"), info.Protocol == SslProtocols.Tls13 ? 0x0304 : 0x0303, "version");
        if (info.Group is { } group)
        {
            Expect(flags.Int("expect-curve-id"), (int)group, "group");
        }

        Expect(flags.Int("expect-cipher"), (int)info.CipherSuite, "cipher suite");
        Expect(flags.Int(HasAes ? "expect-cipher-aes" : "expect-cipher-no-aes"), (int)info.CipherSuite, "cipher suite");
        if (flags.Has("expect-hrr") != info.RetriedHello && (flags.Has("expect-hrr") || flags.Has("expect-no-hrr")))
        {
            throw new ShimFailure(info.RetriedHello ? "there was a HelloRetryRequest" : "there was no HelloRetryRequest");
        }

        if (flags.Has("expect-extended-master-secret") && !info.ExtendedMasterSecret)
        {
            throw new ShimFailure("no extended master secret");
        }

        if (!info.IsResumed)
        {
            Expect(flags.Int("expect-peer-signature-algorithm"), (int)((isServer ? info.ClientSignatureScheme : info.SignatureScheme) ?? 0), "signature scheme");
            Expect(flags.Int("expect-selected-credential"), TlsOptions.NumberOf(info.LocalCredential, flags), "credential");
        }
    }

    private static void CheckNames(bool isServer, FlagSet flags, TlsConnectionInfo info)
    {
        if (flags.Value("expect-server-name") is { } name && name != info.ServerName || (flags.Has("expect-no-server-name") && info.ServerName is not null))
        {
            throw new ShimFailure($"server_name: '{info.ServerName}'");
        }

        var expected = flags.Value("expect-alpn") is { } protocol ? TlsOptions.Latin1(protocol) : isServer ? null : [];
        if (expected is not null && !info.ApplicationProtocol.Protocol.Span.SequenceEqual(expected))
        {
            throw new ShimFailure($"ALPN: '{info.ApplicationProtocol}'");
        }
    }

    private static void CheckEarlyData(FlagSet flags, TlsConnectionInfo info, bool wasRejected)
    {
        if ((flags.Has("expect-accept-early-data") && !info.EarlyDataAccepted) || (flags.Has("expect-reject-early-data") && info.EarlyDataAccepted && !wasRejected))
        {
            throw new ShimFailure(info.EarlyDataAccepted ? "early data was accepted" : "early data was not accepted");
        }

        // Other reasons than this one are not told apart by the public API.
        if (flags.Value("expect-early-data-reason") == "accepted" && !info.EarlyDataAccepted)
        {
            throw new ShimFailure("early data was not accepted");
        }
    }

    private static void CheckPeer(FlagSet flags, TlsConnectionInfo info)
    {
        if (info.PeerCertificate is null && (flags.Has("require-any-client-certificate") || flags.Has("expect-peer-cert-file")))
        {
            throw new ShimFailure("no peer certificate");
        }

        if (flags.Value("expect-peer-cert-file") is { } file)
        {
            using var leaf = X509Certificate2.CreateFromPem(File.ReadAllText(file));
            if (!leaf.RawDataMemory.Span.SequenceEqual(info.PeerCertificate!.RawDataMemory.Span))
            {
                throw new ShimFailure("another peer certificate");
            }
        }
    }

    private static bool HasAes => System.Runtime.Intrinsics.X86.Aes.IsSupported || System.Runtime.Intrinsics.Arm.Aes.IsSupported;

    private static void Expect(int? expected, int actual, string what)
    {
        if (expected is { } value && value != actual)
        {
            throw new ShimFailure($"{what}: 0x{actual:x4} instead of 0x{value:x4}");
        }
    }
}
