using System.Security.Cryptography;
using Kippu.Certificates;
using Kippu.Handshake;
using Kippu.Resumption;

namespace Kippu;

/// <summary>From options to a policy: everything that can be wrong is said here, by the option's name, before the first connection.</summary>
internal static class ClientPolicyBuilder
{
    public static ClientPolicy Build(TlsClientOptions options)
    {
        var verifier = new CertificateVerifier(options.ServerVerification);
        return new ClientPolicy
        {
            Environment = new ConnectionEnvironment(options.TimeProvider, options.Observer, options.KeyLog, Preferences.RecordSizeLimit(options.RecordSizeLimit)),
            CipherSuites = Preferences.CipherSuites(options.CipherSuites),
            Groups = Preferences.Groups(options.Groups),
            SignatureSchemes = Preferences.SignatureSchemes(options.SignatureSchemes),
            ApplicationProtocols = [.. options.ApplicationProtocols],
            Credentials = [.. options.Credentials],
            ServerVerifier = verifier,
            UseTickets = options.UseTickets,
            UseSessionIds = options.UseSessionIds,
            RequireExtendedMasterSecret = options.RequireExtendedMasterSecret,
            Sessions = options.SessionStore ?? new ClientSessionStore(),
            SessionPolicyDigest = SessionPolicy(options, verifier.Policy).ComputeDigest(),
        };
    }

    private static ClientSessionPolicy SessionPolicy(TlsClientOptions options, VerificationPolicy verification) => new()
    {
        AnchorDigests = verification.AnchorDigests,
        Verification = verification.Verification,
        HasCustomVerification = verification.HasCustomVerification,
        CustomVerificationId = verification.CustomVerificationId,
        CredentialDigests = [.. options.Credentials.Select(credential => (ReadOnlyMemory<byte>)SHA256.HashData(credential.Chain[0].Span))],
    };
}
