using Xunit;

namespace Kippu.Tests.Resumption;

public sealed class TicketInspectorTests : IDisposable
{
    private readonly FixedRing _ring = new(Sample.Ring());

    public void Dispose() => _ring.Dispose();

    [Fact]
    public void It_tells_everything_but_the_secret()
    {
        var issued = Sample.Start + Sample.Hour;
        using var service = Sample.Service(_ring);
        using var session = Sample.Session(certificate: Sample.Certificate(Sample.Start, Sample.Start + Sample.Day));
        var ticket = Sample.Ticket(service, session, issued);
        using var inspector = new TicketInspector(_ring, Sample.Scope());

        Assert.True(inspector.TryOpen(ticket, issued, out var contents, out var refusal));

        Assert.Equal(TicketRefusal.None, refusal);
        Assert.Equal(_ring.Current.SealingKey(issued)!.Id, contents.Key);
        Assert.Equal(Sample.Suite.Id, contents.CipherSuite);
        Assert.True(contents.ExtendedMasterSecret);
        Assert.Equal("www.example.com", contents.ServerName);
        Assert.Equal("h2", contents.ApplicationProtocol.ToString());
        Assert.Equal(Sample.Start, contents.OriginalHandshake);
        Assert.Equal(issued, contents.Issued);
        Assert.Equal(session.PeerCertificate, contents.ClientCertificate.ToArray());
        Assert.DoesNotContain(Convert.ToHexStringLower(Sample.MasterSecret())[..16], contents.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_renewed_ticket_has_the_same_fingerprint_and_another_session_another()
    {
        using var service = Sample.Service(_ring);
        using var session = Sample.Session();
        using var inspector = new TicketInspector(_ring, Sample.Scope());
        using var other = Sample.Session(secret: [.. Enumerable.Range(2, 48).Select(i => (byte)i)]);

        var first = Fingerprint(inspector, Sample.Ticket(service, session, Sample.Start));
        var renewed = Fingerprint(inspector, Sample.Ticket(service, session, Sample.Start + Sample.Hour));

        Assert.Equal(16, first.Length);
        Assert.Equal(first, renewed);
        Assert.NotEqual(first, Fingerprint(inspector, Sample.Ticket(service, other, Sample.Start)));
    }

    [Fact]
    public void It_opens_nothing_under_another_scope_or_ring()
    {
        using var service = Sample.Service(_ring);
        var ticket = Sample.Ticket(service, Sample.Start);
        using var otherScope = new TicketInspector(_ring, Sample.Scope("bank"));
        using var otherRing = new TicketInspector(new FixedRing(Sample.Ring()), Sample.Scope());

        Assert.False(otherScope.TryOpen(ticket, Sample.Start, out _, out var wrongScope));
        Assert.False(otherRing.TryOpen(ticket, Sample.Start, out _, out var unknownKey));

        Assert.Equal(TicketRefusal.WrongScope, wrongScope);
        Assert.Equal(TicketRefusal.UnknownKey, unknownKey);
    }

    [Fact]
    public void Time_and_policy_are_not_its_business()
    {
        using var service = Sample.Service(_ring, configure: options => options.Lifetime = Sample.Minute);
        var ticket = Sample.Ticket(service, Sample.Start);
        using var inspector = new TicketInspector(_ring, Sample.Scope());

        Assert.True(inspector.TryOpen(ticket, Sample.Start + Sample.Hour, out var contents, out _));
        Assert.Equal(Sample.Minute, contents.Lifetime);
    }

    [Fact]
    public void Any_bytes_at_all_are_refused_without_an_exception()
    {
        using var inspector = new TicketInspector(_ring, Sample.Scope());

        foreach (var length in new[] { 0, 1, 15, 16, 66, 194, 65_535 })
        {
            Assert.False(inspector.TryOpen(new byte[length], Sample.Start, out _, out var refusal));
            Assert.NotEqual(TicketRefusal.None, refusal);
        }
    }

    private static string Fingerprint(TicketInspector inspector, byte[] ticket) =>
        inspector.TryOpen(ticket, Sample.Start, out var contents, out var refusal) ? contents.SecretFingerprint : throw new InvalidOperationException(refusal.ToString());
}
