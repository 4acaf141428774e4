using Kippu.Records;
using Kippu.Resumption;
using Kippu.Wire;

namespace Kippu.Handshake;

/// <summary>A server's rules for early data (RFC 8446 §4.2.10 and §8), validated.</summary>
internal sealed class EarlyDataPolicy(int maxSize, TimeSpan window, IReplayGuard guard)
{
    /// <summary>A client writes early data in records of any size; those of a hostile one must end too.</summary>
    private const int MaxSkippedRecords = 64;

    /// <summary>A client whose ticket nobody here can open may have an older, larger promise than today's option: a full record is skipped in any case.</summary>
    private const int LeastSkipped = RecordLimits.MaxCiphertext12 + 1;

    public bool IsEnabled => maxSize > 0;

    public int MaxSize => maxSize;

    public IReplayGuard Guard => guard;

    /// <summary>For a hello whose early data is refused.</summary>
    /// <param name="resumed">The session of its ticket, if it is resumed: the client goes by what that one promised, which may be more than today's option.</param>
    public SkippedEarlyData Skip(SessionState? resumed)
    {
        var promised = Math.Max(maxSize, resumed?.MaxEarlyData ?? 0);
        return new(Math.Max(LeastSkipped, 2 * promised), (int)Math.Min(int.MaxValue, MaxSkippedRecords + (promised / 256)));
    }

    /// <summary>
    /// What can be said before the guard is asked. RFC 8446 §4.2.10: only with the first identity, the version, the suite and the application protocol of the
    /// session; §8.3: only if the age that the client states is about right. And only if the ticket promised no more than this server takes.
    /// </summary>
    public bool MayAccept(in ServerResumption13 resumption, Terms13 terms, CipherSuite suite, DateTimeOffset now)
    {
        if (!IsEnabled || resumption.State is not { MaxEarlyData: > 0, PeerCertificate: null } state || state.MaxEarlyData > maxSize || resumption.Index != 0)
        {
            return false;
        }

        var age = now - state.Issued;
        return state.Suite == suite
            && PublicBytes.AreEqual(state.ApplicationProtocol, terms.ApplicationProtocol)
            && (age - resumption.StatedAge).Duration() <= window;
    }

    /// <summary>A flight is fresh from a window before to a window after the time that it states; nobody need remember it longer.</summary>
    public DateTimeOffset ExpiryOf(DateTimeOffset now) => now + (2 * window);
}
