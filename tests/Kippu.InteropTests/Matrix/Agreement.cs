using Kippu.InteropTests.Capture;
using Kippu.InteropTests.Peers;
using Xunit;

namespace Kippu.InteropTests.Matrix;

/// <summary>The judges of a pattern: the capture, the peer's word, and only then ours.</summary>
internal static class Agreement
{
    public static void Check(Pattern pattern, IReadOnlyList<PeerWords> words, IReadOnlyList<SeenHandshake> seen, IReadOnlyList<TlsConnectionInfo> ours)
    {
        Assert.Equal(pattern.Connections, seen.Count);
        Assert.Equal(pattern.Connections, words.Count);
        Assert.Equal(pattern.Connections, ours.Count);
        Assert.Equal(pattern.Number, seen[^1].Pattern);

        for (var number = 0; number < pattern.Connections; number++)
        {
            var resumes = pattern.Resumes && number > 0;
            Assert.Equal(resumes, seen[number].IsResumed);
            Assert.Equal(resumes, words[number].Resumed ?? resumes);
            Assert.Equal(resumes, ours[number].IsResumed);
            Assert.Equal(seen[number].NewSessionTicket is { Length: > 0 }, ours[number].NewTicket);
        }

        if (seen[^1].NewSessionTicket is { Length: > 0 } ticket && ours[^1].NewTicketLifetime is { } lifetime)
        {
            Assert.Equal(ticket.LifetimeHint, (uint)lifetime.TotalSeconds);
        }
    }
}
