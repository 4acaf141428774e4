using System.Buffers;
using System.Security.Cryptography;

namespace Kippu.BogoShim;

/// <summary>An application's own sealing of tickets: <c>-use-ticket-callback</c> and <c>-use-ticket-aead-callback</c>.</summary>
internal sealed class ShimTicketProtector(FlagSet flags, byte[] key) : ITicketProtector
{
    private const int NonceLength = 12, TagLength = 16;

    public bool TrySeal(in TicketContext context, ReadOnlySpan<byte> state, IBufferWriter<byte> ticket)
    {
        if (flags.Has("skip-ticket"))
        {
            return false;
        }

        using var aead = new AesGcm(key, TagLength);
        var sealedState = ticket.GetSpan(NonceLength + state.Length + TagLength)[..(NonceLength + state.Length + TagLength)];
        RandomNumberGenerator.Fill(sealedState[..NonceLength]);
        aead.Encrypt(sealedState[..NonceLength], state, sealedState[NonceLength..^TagLength], sealedState[^TagLength..]);
        ticket.Advance(sealedState.Length);
        return true;
    }

    public TicketVerdict Open(in TicketContext context, ReadOnlySpan<byte> ticket, IBufferWriter<byte> state)
    {
        if (ticket.Length < NonceLength + TagLength)
        {
            return TicketVerdict.Refuse();
        }

        using var aead = new AesGcm(key, TagLength);
        var opened = state.GetSpan(ticket.Length - NonceLength - TagLength)[..(ticket.Length - NonceLength - TagLength)];
        try
        {
            aead.Decrypt(ticket[..NonceLength], ticket[NonceLength..^TagLength], ticket[^TagLength..], opened);
        }
        catch (AuthenticationTagMismatchException)
        {
            return TicketVerdict.Refuse();
        }

        state.Advance(opened.Length);
        return flags.Has("renew-ticket") ? TicketVerdict.UseAndRenew : TicketVerdict.Use;
    }
}
