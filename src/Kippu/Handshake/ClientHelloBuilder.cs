using Kippu.Crypto;
using Kippu.KeySchedule;
using Kippu.Resumption;
using Kippu.Wire;
using Kippu.Wire.Messages;

namespace Kippu.Handshake;

/// <summary>Makes and sends a client's hellos: the first, and the one that answers a HelloRetryRequest.</summary>
internal static class ClientHelloBuilder
{
    private static readonly byte[] s_pointFormats = [0];
    private static readonly byte[] s_pskModes = [1];   // psk_dhe_ke; psk_ke is never offered

    public static ClientHello First(ClientPolicy policy, ClientOffer offer)
    {
        var session12 = offer.Session is { State.Version: TlsVersion.Tls12 } session ? session : null;
        var speaks13 = policy.Versions.Contains(TlsVersion.Tls13);
        var speaks12 = policy.Versions.Contains(TlsVersion.Tls12);
        var hello = new ClientHello
        {
            LegacyVersion = (ushort)TlsVersion.Tls12,
            Random = PublicRandom.GetBytes(ClientHello.RandomLength),
            SessionId = SessionId(session12, speaks13),
            CipherSuites = UInt16List.Of([.. policy.CipherSuites.Where(suite => policy.Versions.Contains(suite.Version)).Select(suite => (ushort)suite.Id)]),
            ServerName = offer.ServerName,
            SupportedGroups = UInt16List.Of([.. policy.Groups.Select(group => (ushort)group)]),
            SignatureAlgorithms = Preferences.ToList(policy.SignatureSchemes),
            ApplicationProtocols = policy.ApplicationProtocols.Count == 0 ? null : ProtocolNameList.Of(policy.ApplicationProtocols),
            RecordSizeLimit = (ushort?)policy.Environment.RecordSizeLimit,
            StatusRequest = policy.ServerVerifier.RequestsOcspResponse,
            SignedCertificateTimestamps = policy.ServerVerifier.RequestsSignedCertificateTimestamps,
        };
        if (speaks12)
        {
            hello.EcPointFormats = s_pointFormats;
            hello.SessionTicket = policy.UseTickets ? session12?.Ticket ?? ReadOnlyMemory<byte>.Empty : default(ReadOnlyMemory<byte>?);
            // RFC 7627 §5.2: "the client MUST send the "extended_master_secret" extension in its ClientHello", also when it resumes (§5.3).
            hello.ExtendedMasterSecret = true;
            // RFC 5746 §3.4: "The client MUST include either an empty "renegotiation_info" extension, or the TLS_EMPTY_RENEGOTIATION_INFO_SCSV".
            hello.RenegotiationInfo = ReadOnlyMemory<byte>.Empty;
        }

        if (speaks13)
        {
            AddTls13(hello, policy, offer);
        }

        return hello;
    }

    /// <summary>RFC 8446 §4.1.2: the same hello, with the share that was asked for, the cookie, no early data, and the ticket if its hash still fits.</summary>
    public static ClientHello Second(ClientPolicy policy, ClientOffer offer, HelloRetryRequest request, CipherSuite suite)
    {
        var first = offer.Hello;
        if (request.SelectedGroup is { } group)
        {
            offer.Shares.ForEach(share => share.Dispose());
            offer.Shares.Clear();
            offer.Shares.Add(KeyShare.Generate((NamedGroup)group));
        }

        if (offer.Psk is { } psk && psk.Hash != suite.Hash)
        {
            psk.Dispose();
            offer.Psk = null;
        }

        return new ClientHello
        {
            LegacyVersion = first.LegacyVersion,
            Random = offer.Random,
            SessionId = offer.SessionId,
            CipherSuites = first.CipherSuites,
            ServerName = first.ServerName,
            SupportedGroups = first.SupportedGroups,
            EcPointFormats = first.EcPointFormats,
            SignatureAlgorithms = first.SignatureAlgorithms,
            ApplicationProtocols = first.ApplicationProtocols,
            RecordSizeLimit = first.RecordSizeLimit,
            SessionTicket = first.SessionTicket,
            ExtendedMasterSecret = first.ExtendedMasterSecret,
            RenegotiationInfo = first.RenegotiationInfo,
            StatusRequest = first.StatusRequest,
            SignedCertificateTimestamps = first.SignedCertificateTimestamps,
            SupportedVersions = first.SupportedVersions,
            PskKeyExchangeModes = first.PskKeyExchangeModes,
            TicketRequest = first.TicketRequest,
            KeyShares = SharesOf(offer),
            Cookie = request.Cookie is { } cookie ? cookie.ToArray() : default(ReadOnlyMemory<byte>?),
            PreSharedKeys = offer.Psk is null ? null : Offered(policy, offer),
        };
    }

    private static void AddTls13(ClientHello hello, ClientPolicy policy, ClientOffer offer)
    {
        hello.SupportedVersions = UInt16List.Of([.. policy.Versions.Select(version => (ushort)version)]);
        hello.PskKeyExchangeModes = s_pskModes;
        hello.TicketRequest = policy.UseTickets ? policy.TicketRequest : new TicketRequest(0, 0);
        foreach (var group in policy.ShareGroups)
        {
            offer.Shares.Add(KeyShare.Generate(group));
        }

        hello.KeyShares = SharesOf(offer);
        if (offer.Session is { State: { Version: TlsVersion.Tls13 } state })
        {
            offer.Psk = PskEarlySecret.FromPsk(state.Suite.Hash, state.Secret.Span);
            hello.PreSharedKeys = Offered(policy, offer);
            offer.EarlyData = hello.EarlyData = policy.EnableEarlyData && offer.EarlyDataWish.Fits(state.ApplicationProtocol) && AllowsEarlyData(policy, state);
        }
    }

    private static bool AllowsEarlyData(ClientPolicy policy, SessionState state) =>
        state.MaxEarlyData > 0 && policy.CipherSuites.Contains(state.Suite) && CanRepeatProtocol(policy, state);

    /// <summary>RFC 8446 §4.2.10: early data goes by the session's application protocol, so that one must be offered again.</summary>
    private static bool CanRepeatProtocol(ClientPolicy policy, SessionState state) => state.ApplicationProtocol.Length == 0
        ? policy.ApplicationProtocols.Count == 0
        : policy.ApplicationProtocols.Any(protocol => PublicBytes.AreEqual(protocol.Protocol.Span, state.ApplicationProtocol));

    private static KeyShareList SharesOf(ClientOffer offer) =>
        KeyShareList.Of([.. offer.Shares.Select(share => new KeyShareEntry((ushort)share.Group, share.PublicKey.ToArray()))]);

    private static OfferedPsks Offered(ClientPolicy policy, ClientOffer offer)
    {
        var session = offer.Session!;
        var age = policy.Time.GetUtcNow() - session.Received;
        var identity = new PskIdentity(session.Ticket, PskIdentity.Obfuscate(age < TimeSpan.Zero ? TimeSpan.Zero : age, session.State.AgeAdd));
        return OfferedPsks.Of([identity], [offer.Psk!.HashLength]);
    }

    /// <summary>
    /// The session's own for a session ID; fresh and random beside a ticket (RFC 5077 §3.4); and for TLS 1.3 too, "in compatibility mode ... this field MUST be
    /// non-empty" (RFC 8446 §4.1.2).
    /// </summary>
    private static ReadOnlyMemory<byte> SessionId(ClientSession? session12, bool speaks13) => session12 is { Ticket.Length: 0 } ? session12.SessionId
        : session12 is not null || speaks13 ? PublicRandom.GetBytes(ClientHello.MaxSessionIdLength)
        : default;
}
