using System.Security.Cryptography;
using Kippu.KeySchedule;
using Kippu.Records;
using Kippu.Wire;
using Kippu.Wire.Messages;

namespace Kippu.Tests.Handshake.Peers;

/// <summary>The keys of a <see cref="HostilePeer"/> of TLS 1.3 (RFC 8446 §7.1), which change at the messages that change them.</summary>
internal abstract class HostilePeer13(TlsConnection victim) : HostilePeer(victim)
{
    private MasterSecret13? _master;
    private ResumptionSecret? _resumption;
    private ApplicationTrafficSecret? _reads;
    private ApplicationTrafficSecret? _writes;

    /// <summary>The HelloRetryRequest that was said, by whichever side.</summary>
    public HelloRetryRequest? Retry { get; private set; }

    public ExporterSecret? Exporter { get; private set; }

    protected HandshakeTrafficSecret? ClientHandshake { get; private set; }

    protected HandshakeTrafficSecret? ServerHandshake { get; private set; }

    public static CipherSuite Aes128 => CipherSuite.Find((ushort)System.Net.Security.TlsCipherSuite.TLS_AES_128_GCM_SHA256)!;

    public static CipherSuite Aes256 => CipherSuite.Find((ushort)System.Net.Security.TlsCipherSuite.TLS_AES_256_GCM_SHA384)!;

    /// <summary>A peer of TLS 1.3 with nothing special about it.</summary>
    public static HostilePeer13 Of13(bool victimIsServer, TimeProvider time) =>
        victimIsServer ? new HostileClient13(TestServers.Server13(time)) : new HostileServer13(TestServers.Client13(time));

    /// <summary>The ChangeCipherSpec of middlebox compatibility, in clear as it must be, and of no effect.</summary>
    public override void SendChangeCipherSpec() => SendClear(ContentType.ChangeCipherSpec, ChangeCipherSpec.Bytes);

    /// <summary>A record in clear, whatever keys are in force.</summary>
    public void SendClear(ContentType type, ReadOnlySpan<byte> content) =>
        SendBytes(PeerRecords.Clear((byte)type, (ushort)TlsVersion.Tls12, content.Length, content));

    /// <summary>KeyUpdate, and new keys for what follows it.</summary>
    public void SendKeyUpdate(bool isRequested = false) => Hold(() =>
    {
        Send(new KeyUpdate { IsRequested = isRequested });
        _writes = _writes!.ToNext();
        Records.ChangeWriteKeys(Tls13AeadProtection.From(_writes));
    });

    /// <summary>The session of a ticket of this connection.</summary>
    public PeerSession13 SessionOf(NewSessionTicket13 ticket)
    {
        using var psk = _resumption!.DerivePsk(ticket.Nonce.Span);
        return new PeerSession13 { Suite = Suite!, Psk = psk.Span.ToArray(), Ticket = ticket.Ticket.ToArray(), AgeAdd = ticket.AgeAdd };
    }

    public byte[] Export(string label, byte[] context)
    {
        var material = new byte[32];
        Exporter!.Export(System.Text.Encoding.ASCII.GetBytes(label), context, material);
        return material;
    }

    public override void Dispose()
    {
        ClientHandshake?.Dispose();
        ServerHandshake?.Dispose();
        _master?.Dispose();
        _resumption?.Dispose();
        _reads?.Dispose();
        _writes?.Dispose();
        Exporter?.Dispose();
        base.Dispose();
    }

    /// <summary>The hash of the transcript as it stands.</summary>
    protected byte[] Hash()
    {
        var hash = new byte[Suite!.HashLength];
        Transcript.CurrentHash(hash);
        return hash;
    }

    protected override byte[] VerifyData(bool ofClient)
    {
        var verifyData = new byte[Suite!.HashLength];
        (ofClient ? ClientHandshake : ServerHandshake)!.ComputeVerifyData(Hash(), verifyData);
        return verifyData;
    }

    /// <summary>The suite is known: it stays so after a HelloRetryRequest.</summary>
    protected void Agree(ushort suite)
    {
        if (Suite is null)
        {
            Suite = CipherSuite.Find(suite) ?? throw new InvalidOperationException($"no suite 0x{suite:x4}");
            Transcript.SelectHash(Suite.Hash);
        }
    }

    /// <summary>The HelloRetryRequest is being said: the first hello gives way to its hash (RFC 8446 §4.4.1).</summary>
    protected void OnRetry(HelloRetryRequest request)
    {
        Retry = request;
        Agree(request.CipherSuite);
        Transcript.ReplaceByMessageHash();
    }

    /// <summary>The ServerHello is in the transcript.</summary>
    protected void DeriveHandshake(PeerSession13? session, ReadOnlySpan<byte> shared)
    {
        using var early = session is null ? EarlySecret.WithoutPsk(Suite!.Hash) : PskEarlySecret.FromPsk(Suite!.Hash, session.Psk);
        using var handshake = early.ToHandshakeSecret(Suite!, shared);
        ClientHandshake = handshake.DeriveClientTraffic(Hash());
        ServerHandshake = handshake.DeriveServerTraffic(Hash());
        _master = handshake.ToMasterSecret();
    }

    /// <summary>The server's Finished is in the transcript.</summary>
    protected void DeriveApplication()
    {
        var client = _master!.DeriveClientTraffic(Hash());
        var server = _master.DeriveServerTraffic(Hash());
        (_reads, _writes) = IsClient ? (server, client) : (client, server);
        Exporter = _master.DeriveExporter(Hash());
    }

    /// <summary>The client's Finished is in the transcript.</summary>
    protected void DeriveResumption() => _resumption = _master!.ToResumptionSecret(Hash());

    protected void ReadApplication() => Records.ChangeReadKeys(Tls13AeadProtection.From(_reads!));

    protected void WriteApplication() => Records.ChangeWriteKeys(Tls13AeadProtection.From(_writes!));

    protected static Tls13AeadProtection EarlyProtection(PeerSession13 session, ReadOnlySpan<byte> transcript)
    {
        using var early = PskEarlySecret.FromPsk(session.Hash, session.Psk);
        using var traffic = early.DeriveClientTraffic(session.Suite, CryptographicOperations.HashData(session.Hash, transcript));
        return Tls13AeadProtection.From(traffic);
    }

    protected override void OnHeard(HandshakeMessage message)
    {
        if (message.Type == HandshakeType.KeyUpdate)
        {
            _reads = _reads!.ToNext();
            Records.ChangeReadKeys(Tls13AeadProtection.From(_reads));
        }
    }
}
