using Kippu.Alerts;
using Kippu.KeySchedule;
using Kippu.Records;
using Kippu.Wire;
using Kippu.Wire.Messages;

namespace Kippu.Handshake;

/// <summary>A TLS 1.3 connection after its handshake: KeyUpdate (RFC 8446 §4.6.3) on both sides, NewSessionTicket (§4.6.1) on the client's.</summary>
/// <remarks>The reading keys belong to the read half; the writing keys are changed by both halves, one at a time.</remarks>
internal sealed class Established13(
    ApplicationTrafficSecret read, ApplicationTrafficSecret write, HandshakeChannel channel, Action<NewSessionTicket13>? onTicket) : IHandshake
{
    private readonly Lock _lock = new();
    private ApplicationTrafficSecret _read = read;
    private ApplicationTrafficSecret _write = write;
    private bool _lastUpdateAsks;
    private long _lastUpdate;

    public Action<HandshakeMessage> Handler(HandshakeType type) => type switch
    {
        HandshakeType.KeyUpdate => OnKeyUpdate,
        HandshakeType.NewSessionTicket when onTicket is not null => OnNewSessionTicket,
        _ => throw new TlsFaultException(TlsFault.UnexpectedMessage, $"{type} came after the handshake"),
    };

    public void ReceiveChangeCipherSpec() =>
        throw new TlsFaultException(TlsFault.UnexpectedMessage, "ChangeCipherSpec came after the handshake");

    /// <summary>New keys for what this side writes.</summary>
    /// <param name="requested">Asks the peer to change its keys too.</param>
    public void UpdateWriteKeys(bool requested)
    {
        lock (_lock)
        {
            _write = _write.ToNext();
            _lastUpdateAsks = requested;
            _lastUpdate = channel.SendAndProtect(new KeyUpdate { IsRequested = requested }, Tls13AeadProtection.From(_write));
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _read.Dispose();
            _write.Dispose();
        }
    }

    private void OnNewSessionTicket(HandshakeMessage message)
    {
        channel.CountIdleMessage();
        onTicket!(NewSessionTicket13.Parse(message.Body));
    }

    private void OnKeyUpdate(HandshakeMessage message)
    {
        channel.CountIdleMessage();
        var update = KeyUpdate.Parse(message.Body);
        _read = _read.ToNext();
        // RFC 8446 §5.1: "Handshake messages MUST NOT span key changes"; the channel insists on it.
        channel.ProtectReads(Tls13AeadProtection.From(_read));
        if (!update.IsRequested)
        {
            return;
        }

        // RFC 8446 §4.6.3: "If the request_update field is set to "update_requested", then the receiver MUST send a KeyUpdate of its own ... prior to sending its
        // next Application Data record." One that waits to be sent answers every request that comes before it is.
        lock (_lock)
        {
            // The answer does not ask in its turn: a request of ours that still waits is none.
            if (_lastUpdateAsks || channel.HasSent(_lastUpdate))
            {
                UpdateWriteKeys(requested: false);
            }
        }
    }
}
