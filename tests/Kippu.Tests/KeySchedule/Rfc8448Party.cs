using System.Security.Cryptography;
using Kippu.Crypto;
using Kippu.KeySchedule;
using Kippu.Tests.Wire;
using Kippu.Wire;
using Kippu.Wire.Messages;

namespace Kippu.Tests.KeySchedule;

/// <summary>
/// One side of a trace: it has its own private key, the messages, and where the trace resumes, the PSK. Everything else it computes with the types under test,
/// stage after stage, and notes it down under the names of the RFC.
/// </summary>
internal sealed class Rfc8448Party : IDisposable
{
    private const string Early = "early application data";
    private const string Handshake = "handshake data";
    private const string Application = "application data";

    private readonly Rfc8448Trace _trace;
    private readonly bool _client;
    private readonly Transcript _transcript = new();
    private readonly List<IDisposable> _kept = [];

    public Rfc8448Party(Rfc8448Trace trace, bool client, byte[]? psk)
    {
        _trace = trace;
        _client = client;
        var early = ReadHellos(psk, out var suite, out var sharedSecret);
        Secrets["early"] = early.Secret.ToArray();
        var handshake = early.ToHandshakeSecret(suite, sharedSecret.Span);
        Secrets["handshake"] = handshake.Secret.ToArray();
        SharedSecret = sharedSecret.Span.ToArray();
        sharedSecret.Dispose();

        var helloHash = CurrentHash();
        Traffic[(true, Handshake)] = Keep("c hs traffic", helloHash, handshake.DeriveClientTraffic(helloHash));
        Traffic[(false, Handshake)] = Keep("s hs traffic", helloHash, handshake.DeriveServerTraffic(helloHash));
        ReadServerFlight();

        using var master = handshake.ToMasterSecret();
        Secrets["master"] = master.Secret.ToArray();
        var serverFinishedHash = CurrentHash();
        Traffic[(true, Application)] = Keep("c ap traffic", serverFinishedHash, master.DeriveClientTraffic(serverFinishedHash));
        Traffic[(false, Application)] = Keep("s ap traffic", serverFinishedHash, master.DeriveServerTraffic(serverFinishedHash));
        Keep("exp master", serverFinishedHash, master.DeriveExporter(serverFinishedHash));
        ReadClientFlight();

        var clientFinishedHash = CurrentHash();
        var resumption = master.ToResumptionSecret(clientFinishedHash);
        Keep("res master", clientFinishedHash, resumption);
        if (trace.Messages("NewSessionTicket") is [var ticket])
        {
            var message = NewSessionTicket13.Parse(WholeMessage.Parse(ticket).Body);
            using var ticketPsk = resumption.DerivePsk(message.Nonce.Span);
            (TicketNonce, Psk) = (message.Nonce.ToArray(), ticketPsk.Span.ToArray());
        }
    }

    /// <summary>"early", "handshake", "master", and everything that is derived from them, by its label.</summary>
    public Dictionary<string, byte[]> Secrets { get; } = [];

    /// <summary>The transcript hash of what is derived, by its label.</summary>
    public Dictionary<string, byte[]> Hashes { get; } = [];

    /// <summary>By whether the client writes with it, and for which data.</summary>
    public Dictionary<(bool ByClient, string Data), TrafficSecret> Traffic { get; } = [];

    public byte[] SharedSecret { get; }

    /// <summary>The server's verify_data and the client's.</summary>
    public List<byte[]> VerifyData { get; } = [];

    public byte[]? BinderHash { get; private set; }

    public byte[]? Binder { get; private set; }

    public byte[]? TicketNonce { get; }

    /// <summary>That of the ticket.</summary>
    public byte[]? Psk { get; }

    public void Dispose()
    {
        _transcript.Dispose();
        _kept.ForEach(secret => secret.Dispose());
    }

    private static ReadOnlyMemory<byte> Body(byte[] message) => WholeMessage.Parse(message).Body;

    private EarlySecret ReadHellos(byte[]? psk, out CipherSuite suite, out SecretBytes sharedSecret)
    {
        var hellos = _trace.ClientHellos;
        var answers = _trace.Messages("ServerHello");
        var pskSecret = psk is null ? null : ReadOffer(hellos[0], psk);
        if (pskSecret is null)
        {
            _transcript.Append(hellos[0]);
        }

        if (HelloRetryRequest.IsIn(Body(answers[0])))
        {
            var retry = HelloRetryRequest.Parse(Body(answers[0]));
            _transcript.SelectHash(CipherSuite.Find(retry.CipherSuite)!.Hash);
            _transcript.ReplaceByMessageHash();
            _transcript.Append(answers[0]);
            _transcript.Append(hellos[1]);
        }

        var hello = ServerHello.Parse(Body(answers[^1]));
        suite = CipherSuite.Find(hello.CipherSuite)!;
        if (!_transcript.HasHash)
        {
            _transcript.SelectHash(suite.Hash);
        }

        _transcript.Append(answers[^1]);
        var offered = ClientHello.Parse(Body(hellos[^1]));
        offered.KeyShares!.Value.TryFind(hello.KeyShare!.Value.Group, out var clientShare);
        sharedSecret = Agree(clientShare, hello.KeyShare.Value);
        return pskSecret ?? EarlySecret.WithoutPsk(suite.Hash);
    }

    /// <summary>The hello with a PSK: binder, early traffic, early exporter.</summary>
    private PskEarlySecret ReadOffer(byte[] raw, byte[] psk)
    {
        var offer = ClientHello.Parse(Body(raw)).PreSharedKeys!.Value;
        var suite = CipherSuite.Find(0x1301)!;
        var early = PskEarlySecret.FromPsk(suite.Hash, psk);
        var truncated = raw.AsSpan(0, raw.Length - offer.BindersLength);
        byte[] helloHash;
        if (_client)
        {
            // The client does not know yet what the server will choose.
            BinderHash = HashBeforeSelection(suite.Hash, truncated);
            _transcript.Append(raw);
            helloHash = HashBeforeSelection(suite.Hash, default);
        }
        else
        {
            _transcript.SelectHash(suite.Hash);
            _transcript.Append(truncated);
            BinderHash = CurrentHash();
            _transcript.Append(raw.AsSpan(truncated.Length));
            helloHash = CurrentHash();
        }

        Binder = new byte[suite.HashLength];
        early.ComputeBinder(BinderHash, Binder);
        Traffic[(true, Early)] = Keep("c e traffic", helloHash, early.DeriveClientTraffic(suite, helloHash));
        Keep("e exp master", helloHash, early.DeriveExporter(helloHash));
        return early;
    }

    private SecretBytes Agree(KeyShareEntry client, KeyShareEntry server)
    {
        var (own, peer) = _client ? (client, server) : (server, client);
        var privateKey = _trace.PrivateKey(own.KeyExchange.Span);
        using var share = Rfc8448KeyPair.Import((NamedGroup)own.Group, privateKey, own.KeyExchange.ToArray());
        return share.DeriveSharedSecret(peer.KeyExchange.Span);
    }

    private void ReadServerFlight()
    {
        foreach (var name in new[] { "EncryptedExtensions", "CertificateRequest", "Certificate", "CertificateVerify" })
        {
            foreach (var message in _trace.Messages(name).Take(1))
            {
                _transcript.Append(message);
            }
        }

        TakeFinished(byClient: false);
    }

    private void ReadClientFlight()
    {
        foreach (var message in _trace.Messages("EndOfEarlyData").Concat(_trace.Messages("Certificate").Skip(1)).Concat(_trace.Messages("CertificateVerify").Skip(1)))
        {
            _transcript.Append(message);
        }

        TakeFinished(byClient: true);
    }

    private void TakeFinished(bool byClient)
    {
        var secret = (HandshakeTrafficSecret)Traffic[(byClient, Handshake)];
        var verifyData = new byte[secret.HashLength];
        secret.ComputeVerifyData(CurrentHash(), verifyData);
        VerifyData.Add(verifyData);
        _transcript.Append(_trace.Message("Finished", byClient ? 1 : 0));
    }

    private T Keep<T>(string label, byte[] hash, T secret)
        where T : KeyScheduleSecret
    {
        Secrets[label] = secret.Secret.ToArray();
        Hashes[label] = hash;
        _kept.Add(secret);
        return secret;
    }

    private byte[] CurrentHash()
    {
        var hash = new byte[64];
        return hash[.._transcript.CurrentHash(hash)];
    }

    private byte[] HashBeforeSelection(HashAlgorithmName algorithm, ReadOnlySpan<byte> next)
    {
        var hash = new byte[64];
        return hash[.._transcript.HashBeforeSelection(algorithm, next, hash)];
    }
}
