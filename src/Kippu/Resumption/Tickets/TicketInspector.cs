using System.Diagnostics.CodeAnalysis;
using Kippu.Resumption;
using Kippu.Wire;

namespace Kippu;

/// <summary>
/// Opens tickets for people and tools that hold the ring, to see what is in them: for traces, for tests, for finding out why a fleet does not resume.
/// Nothing is judged by time or by policy, and the secret is never given away.
/// </summary>
/// <remarks>Thread-safe. Dispose it to clear the keys that it has derived; the ring stays its source's.</remarks>
public sealed class TicketInspector : IDisposable
{
    private const int FingerprintLength = 8;

    private readonly IRingSource _ring;
    private readonly TicketCipher _cipher;

    /// <summary>For the tickets of one scope.</summary>
    /// <param name="ring">The ring that sealed them.</param>
    /// <param name="scope">The scope that they were sealed under (<see cref="TlsServer.SessionScope"/>): a ticket does not open under another.</param>
    public TicketInspector(IRingSource ring, SessionScope scope)
    {
        ArgumentNullException.ThrowIfNull(ring);
        ArgumentNullException.ThrowIfNull(scope);
        _ring = ring;
        _cipher = new TicketCipher(scope, SealingPurpose.Ticket);
    }

    private static ReadOnlySpan<byte> FingerprintLabel => "kippu secret fingerprint 1"u8;

    /// <summary>Opens a ticket: any bytes at all. Never throws.</summary>
    /// <param name="ticket">The ticket.</param>
    /// <param name="now">The time; a key that is erased by then opens nothing.</param>
    /// <param name="contents">What it holds; null if it does not open.</param>
    /// <param name="refusal">Why it does not open; <see cref="TicketRefusal.None"/> if it does.</param>
    public bool TryOpen(ReadOnlySpan<byte> ticket, DateTimeOffset now, [NotNullWhen(true)] out TicketContents? contents, out TicketRefusal refusal)
    {
        refusal = Open(ticket, now, TlsVersion.Tls12, out contents);
        if (refusal == TicketRefusal.WrongVersion)
        {
            refusal = Open(ticket, now, TlsVersion.Tls13, out contents);
        }

        return contents is not null;
    }

    /// <summary>Clears the keys that were derived.</summary>
    public void Dispose() => _cipher.Dispose();

    private TicketRefusal Open(ReadOnlySpan<byte> ticket, DateTimeOffset now, TlsVersion version, out TicketContents? contents)
    {
        contents = null;
        var refusal = SealedState.Open(_cipher, _ring, now, version, ticket, [], out var state, out _, out var key);
        if (refusal != TicketRefusal.None)
        {
            return refusal;
        }

        using (state)
        {
            contents = new TicketContents(state!, key!.Id, Fingerprint(state!.Secret.Span));
        }

        return TicketRefusal.None;
    }

    private static string Fingerprint(ReadOnlySpan<byte> secret)
    {
        Span<byte> digest = stackalloc byte[LengthPrefixedHash.Length];
        using var hash = new LengthPrefixedHash(FingerprintLabel);
        hash.Add(secret);
        hash.Finish(digest);
        return Convert.ToHexStringLower(digest[..FingerprintLength]);
    }
}
