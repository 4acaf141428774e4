using Kippu.Alerts;
using Kippu.KeySchedule;
using Kippu.Wire;
using Kippu.Wire.Messages;

namespace Kippu.Handshake;

/// <summary>Finished in TLS 1.3 (RFC 8446 §4.4.4): made and verified over the transcript as it stands.</summary>
internal static class Finished13
{
    public static Finished Over(HandshakeTrafficSecret own, Transcript transcript)
    {
        Span<byte> hash = stackalloc byte[own.HashLength];
        transcript.CurrentHash(hash);
        var verifyData = new byte[own.HashLength];
        own.ComputeVerifyData(hash, verifyData);
        return new Finished { VerifyData = verifyData };
    }

    /// <summary>Verifies the peer's Finished, and takes it into the transcript.</summary>
    public static void Verify(HandshakeMessage message, HandshakeTrafficSecret peers, Transcript transcript, string whose)
    {
        Span<byte> hash = stackalloc byte[peers.HashLength];
        transcript.CurrentHash(hash);
        // RFC 8446 §4.4.4: "Recipients of Finished messages MUST verify that the contents are correct and if incorrect MUST terminate the connection with a
        // "decrypt_error" alert."
        if (!peers.IsVerifyData(hash, Finished.Parse(message.Body, peers.HashLength).VerifyData.Span))
        {
            throw new TlsFaultException(TlsFault.BadFinished, $"the {whose}'s Finished does not verify");
        }

        transcript.Append(message.Raw.Span);
    }
}
