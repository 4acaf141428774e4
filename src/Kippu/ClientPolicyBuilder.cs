using System.Security.Cryptography;
using Kippu.Certificates;
using Kippu.Handshake;
using Kippu.Resumption;
using Kippu.Wire;

namespace Kippu;

/// <summary>From options to a policy: everything that can be wrong is said here, by the option's name, before the first connection.</summary>
internal static class ClientPolicyBuilder
{
    public static ClientPolicy Build(TlsClientOptions options)
    {
        var verifier = new CertificateVerifier(options.ServerVerification);
        var sessions = SessionPolicy(options, verifier.Policy);
        var groups = Preferences.Groups(options.Groups);
        var suites = Preferences.CipherSuites(options.CipherSuites);
        return new ClientPolicy
        {
            Environment = new ConnectionEnvironment(options.TimeProvider, options.Observer, options.KeyLog, Preferences.RecordSizeLimit(options.RecordSizeLimit)),
            Versions = Preferences.Versions(options.Protocols, suites),
            CipherSuites = suites,
            Groups = groups,
            ShareGroups = ShareGroups(groups),
            TicketRequest = new TicketRequest(2, 1),
            EnableEarlyData = options.EnableEarlyData,
            SignatureSchemes = Preferences.SignatureSchemes(options.SignatureSchemes),
            ApplicationProtocols = Preferences.ApplicationProtocols(options.ApplicationProtocols, nameof(options.ApplicationProtocols)),
            Credentials = [.. options.Credentials],
            ServerVerifier = verifier,
            UseTickets = options.UseTickets && sessions.KeepsSessions,
            UseSessionIds = options.UseSessionIds && sessions.KeepsSessions,
            RequireExtendedMasterSecret = options.RequireExtendedMasterSecret,
            Sessions = options.SessionStore ?? new ClientSessionStore(),
            SessionPolicyDigest = sessions.ComputeDigest(),
        };
    }

    /// <summary>A share of the first group; and one of X25519 beside the large hybrid one, which few servers speak yet.</summary>
    private static IReadOnlyList<NamedGroup> ShareGroups(IReadOnlyList<NamedGroup> groups) =>
        groups[0] == NamedGroup.X25519MLKem768 && groups.Contains(NamedGroup.X25519) ? [groups[0], NamedGroup.X25519] : [groups[0]];

    private static ClientSessionPolicy SessionPolicy(TlsClientOptions options, VerificationPolicy verification) => new()
    {
        AnchorDigests = verification.AnchorDigests,
        Verification = verification.Verification,
        HasCustomVerification = verification.HasCustomVerification,
        CustomVerificationId = verification.CustomVerificationId,
        CredentialDigests = [.. options.Credentials.Select(credential => (ReadOnlyMemory<byte>)SHA256.HashData(credential.Chain[0].Span))],
    };
}
