using Kippu.Crypto;
using Kippu.Resumption;

namespace Kippu.Tests.Handshake;

/// <summary>Sessions of a client that are not as the handshake left them.</summary>
internal static class ClientSessionEdits
{
    /// <summary>The same session for another server name: what a client that does not care would offer there.</summary>
    public static ClientSession Renamed(this ClientSession session, string serverName) => session.With(serverName, session.State.PeerCertificate, isNameChecked: true);

    /// <summary>The same session, resting on another certificate, which nobody has looked at.</summary>
    public static ClientSession RestingOn(this ClientSession session, byte[]? certificate) => session.With(session.State.ServerName, certificate, isNameChecked: false);

    private static ClientSession With(this ClientSession session, string? serverName, byte[]? certificate, bool isNameChecked)
    {
        var state = new SessionState
        {
            Version = session.State.Version,
            Suite = session.State.Suite,
            Secret = SecretBytes.CopyOf(session.State.Secret.Span),
            ExtendedMasterSecret = session.State.ExtendedMasterSecret,
            ServerName = serverName,
            OriginalHandshake = session.State.OriginalHandshake,
            AgeAdd = session.State.AgeAdd,
            PeerCertificate = certificate,
            PeerVerification = session.State.PeerVerification,
        };
        return new ClientSession(state, session.Ticket, session.SessionId, session.Received, session.Expires) { IsServerNameChecked = isNameChecked };
    }
}
