using System.Security.Cryptography;
using Kippu.Alerts;
using Kippu.KeySchedule;
using Kippu.Wire;
using Kippu.Wire.Messages;

namespace Kippu.Handshake;

/// <summary>Finished in TLS 1.2 (RFC 5246 §7.4.9): made and verified over the transcript as it stands.</summary>
internal static class Finished12
{
    public static Finished Over(MasterSecret12 master, bool client, Transcript transcript)
    {
        var verifyData = new byte[MasterSecret12.VerifyDataLength];
        Compute(master, client, transcript, verifyData);
        return new Finished { VerifyData = verifyData };
    }

    /// <summary>Verifies the peer's Finished, and takes it into the transcript.</summary>
    public static void Verify(HandshakeMessage message, MasterSecret12 master, bool client, Transcript transcript)
    {
        Span<byte> expected = stackalloc byte[MasterSecret12.VerifyDataLength];
        Compute(master, client, transcript, expected);
        // RFC 5246 §7.4.9: "Recipients of Finished messages MUST verify that the contents are correct."
        if (!CryptographicOperations.FixedTimeEquals(expected, Finished.Parse(message.Body).VerifyData.Span))
        {
            throw new TlsFaultException(TlsFault.BadFinished, $"the {(client ? "client" : "server")}'s Finished does not verify");
        }

        transcript.Append(message.Raw.Span);
    }

    private static void Compute(MasterSecret12 master, bool client, Transcript transcript, Span<byte> destination)
    {
        Span<byte> hash = stackalloc byte[master.Suite.HashLength];
        transcript.CurrentHash(hash);
        master.VerifyData(client, hash, destination);
    }
}
