using Kippu.Handshake;
using Kippu.KeySchedule;
using Kippu.Wire;

namespace Kippu.Tests.Handshake.Peers;

/// <summary>The keys of a <see cref="HostilePeer"/> of TLS 1.2: one master secret, in force from ChangeCipherSpec on.</summary>
internal abstract class HostilePeer12(TlsConnection victim) : HostilePeer(victim)
{
    private ConnectionKeys12? _keys;

    public MasterSecret12? Master { get; private set; }

    private ConnectionKeys12 Keys => _keys ??= ConnectionKeys12.Expand(Master ?? throw new InvalidOperationException("there is no master secret yet"), ClientRandom, ServerRandom);

    public override void SendChangeCipherSpec()
    {
        base.SendChangeCipherSpec();
        Records.ChangeWriteKeys(IsClient ? Keys.TakeClient() : Keys.TakeServer());
    }

    public override void Dispose()
    {
        _keys?.Dispose();
        Master?.Dispose();
        base.Dispose();
    }

    protected override byte[] VerifyData(bool ofClient)
    {
        Span<byte> hash = stackalloc byte[Suite!.HashLength];
        Transcript.CurrentHash(hash);
        var verifyData = new byte[MasterSecret12.VerifyDataLength];
        Master!.VerifyData(ofClient, hash, verifyData);
        return verifyData;
    }

    protected override void OnChangeCipherSpec()
    {
        if (Master is null)
        {
            OnUnforeseenKeys();
        }

        Records.ChangeReadKeys(IsClient ? Keys.TakeServer() : Keys.TakeClient());
    }

    /// <summary>The ServerHello was said: the suite is known.</summary>
    protected void Agree(ushort suite)
    {
        Suite ??= CipherSuite.Find(suite) ?? throw new InvalidOperationException($"no suite 0x{suite:x4}");
        Transcript.SelectHash(Suite.Hash);
    }

    protected void Resume(byte[] masterSecret) => Master = MasterSecret12.Resume(Suite!, masterSecret);

    protected void Derive(ReadOnlySpan<byte> preMaster, bool extended)
    {
        Span<byte> sessionHash = stackalloc byte[Suite!.HashLength];
        Transcript.CurrentHash(sessionHash);
        Master = extended
            ? MasterSecret12.DeriveExtended(Suite, preMaster, sessionHash)
            : MasterSecret12.Derive(Suite, preMaster, ClientRandom, ServerRandom);
    }

    /// <summary>The victim changes its keys, and there is no secret: it resumes a session in a way that its hello did not say.</summary>
    protected virtual void OnUnforeseenKeys()
    {
    }
}
