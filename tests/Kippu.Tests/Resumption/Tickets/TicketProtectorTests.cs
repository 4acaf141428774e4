using System.Buffers;
using System.Security.Authentication;
using Kippu.Resumption;
using Kippu.Wire;
using Xunit;
using static Kippu.Tests.Resumption.Sample;

namespace Kippu.Tests.Resumption;

public sealed class TicketProtectorTests
{
    private static readonly InProcessRing s_unusedRing = new(Clock());

    [Fact]
    public void An_applications_tickets_are_its_own_bytes()
    {
        var protector = new Protector();
        using var service = Service(protector);
        var ticket = Ticket(service, Start);
        var opening = service.Open(ticket, TlsVersion.Tls12, Start);

        Assert.Equal("mine"u8.ToArray(), ticket[..4]);
        Assert.Equal(TicketRefusal.None, opening.Refusal);
        Assert.Equal(MasterSecret(), opening.State!.Secret.Span.ToArray());
        Assert.Null(opening.KeyId);
        opening.State.Dispose();
    }

    [Fact]
    public void It_is_told_scope_version_time_and_lifetime()
    {
        var protector = new Protector();
        using var service = Service(protector);
        var ticket = Ticket(service, Start);
        service.Open(ticket, TlsVersion.Tls13, Start + Hour);

        Assert.Equal((Scope(), SslProtocols.Tls12, Start, 12 * Hour), protector.Sealed);
        Assert.Equal((Scope(), SslProtocols.Tls13, Start + Hour, TimeSpan.Zero), protector.Opened);
    }

    [Fact]
    public void The_librarys_check_of_the_scope_stays_although_the_protector_ignores_it()
    {
        using var service = Service(new Protector(), SessionScopeTests.Base);
        var ticket = Ticket(service, Start);

        foreach (var (component, policy) in SessionScopeTests.Variations)
        {
            using var other = Service(new Protector(), new SessionScope(policy));
            Assert.True(Refusal(other, ticket, Start) == TicketRefusal.WrongScope, component);
        }
    }

    [Fact]
    public void The_librarys_check_of_version_and_times_stays()
    {
        using var service = Service(new Protector());
        var ticket = Ticket(service, Start);

        Assert.Equal(TicketRefusal.WrongVersion, Refusal(service, ticket, Start, TlsVersion.Tls13));
        Assert.Equal(TicketRefusal.Expired, Refusal(service, ticket, Start + (13 * Hour)));
        Assert.Equal(TicketRefusal.FromTheFuture, Refusal(service, ticket, Start - Hour));
    }

    [Fact]
    public void It_may_refuse_with_a_reason()
    {
        var protector = new Protector();
        using var service = Service(protector);
        var ticket = Ticket(service, Start);

        protector.Verdict = TicketVerdict.Refuse(TicketRefusal.UnknownKey);
        Assert.Equal(TicketRefusal.UnknownKey, Refusal(service, ticket, Start));
        protector.Verdict = TicketVerdict.Refuse();
        Assert.Equal(TicketRefusal.ApplicationRefused, Refusal(service, ticket, Start));
        protector.Verdict = TicketVerdict.Refuse(TicketRefusal.None);
        Assert.Equal(TicketRefusal.ApplicationRefused, Refusal(service, ticket, Start));
    }

    [Fact]
    public void It_may_ask_for_a_fresh_ticket()
    {
        var protector = new Protector { Verdict = TicketVerdict.UseAndRenew };
        using var service = Service(protector);
        using var nearItsEnd = Session(original: Start - (7 * Day) + TimeSpan.FromSeconds(2));
        var ticket = Ticket(service, Start);
        var last = Ticket(service, nearItsEnd, Start);

        Assert.True(service.Open(ticket, TlsVersion.Tls12, Start).Renew);
        Assert.False(service.Open(last, TlsVersion.Tls12, Start + TimeSpan.FromSeconds(2)).Renew);
        protector.Verdict = TicketVerdict.Use;
        Assert.False(service.Open(ticket, TlsVersion.Tls12, Start).Renew);
        Assert.True(service.Open(ticket, TlsVersion.Tls12, Start + (7 * Hour)).Renew);
    }

    [Theory]
    [InlineData(Behaviour.Declines)]
    [InlineData(Behaviour.WritesNothing)]
    [InlineData(Behaviour.Throws)]
    [InlineData(Behaviour.WritesTooMuch)]
    [InlineData(Behaviour.AdvancesTooFar)]
    public void Where_it_gives_no_ticket_there_is_none_and_the_handshake_goes_on(Behaviour behaviour)
    {
        using var service = Service(new Protector { Behaviour = behaviour });
        using var session = Session();
        using var buffer = new WireBuffer();

        Assert.False(service.TrySeal(session, Start, buffer, out var lifetime, out _));
        Assert.Equal((0, TimeSpan.Zero), (buffer.Length, lifetime));
    }

    [Theory]
    [InlineData(Behaviour.Throws, TicketRefusal.ApplicationFailed)]
    [InlineData(Behaviour.WritesTooMuch, TicketRefusal.ApplicationFailed)]
    [InlineData(Behaviour.AdvancesTooFar, TicketRefusal.ApplicationFailed)]
    [InlineData(Behaviour.WritesNothing, TicketRefusal.Malformed)]
    [InlineData(Behaviour.WritesRubbish, TicketRefusal.Malformed)]
    public void What_it_opens_badly_is_refused_with_a_reason(Behaviour behaviour, TicketRefusal expected)
    {
        var protector = new Protector();
        using var service = Service(protector);
        var ticket = Ticket(service, Start);
        protector.Behaviour = behaviour;

        Assert.Equal(expected, Refusal(service, ticket, Start));
    }

    [Fact]
    public void It_is_not_asked_about_nothing()
    {
        var protector = new Protector();
        using var service = Service(protector);

        Assert.Equal(TicketRefusal.Malformed, Refusal(service, [], Start));
        Assert.Equal(TicketRefusal.Malformed, Refusal(service, new byte[65_536], Start));
        Assert.Equal(default, protector.Opened);
    }

    [Fact]
    public void A_ticket_may_be_promised_without_a_ring()
    {
        using var service = Service(new Protector());

        Assert.True(service.MayIssue(TlsVersion.Tls12, extendedMasterSecret: true, Start));
    }

    private static TicketService Service(ITicketProtector protector, SessionScope? scope = null) =>
        new(new TicketOptions { Protector = protector }, scope ?? Scope(), s_unusedRing);

#pragma warning disable CA1034 // A theory's parameter must be as visible as the theory.
    public enum Behaviour
    {
        Normal,
        Declines,
        WritesNothing,
        Throws,
        WritesTooMuch,
        AdvancesTooFar,
        WritesRubbish,
    }
#pragma warning restore CA1034

    /// <summary>Protects nothing: it puts a word before the state.</summary>
    private sealed class Protector : ITicketProtector
    {
        public Behaviour Behaviour { get; set; }

        public TicketVerdict Verdict { get; set; } = TicketVerdict.Use;

        public (SessionScope? Scope, SslProtocols Version, DateTimeOffset Now, TimeSpan Lifetime) Sealed { get; private set; }

        public (SessionScope? Scope, SslProtocols Version, DateTimeOffset Now, TimeSpan Lifetime) Opened { get; private set; }

        public bool TrySeal(in TicketContext context, ReadOnlySpan<byte> state, IBufferWriter<byte> ticket)
        {
            Sealed = (context.Scope, context.Version, context.Now, context.Lifetime);
            if (Behaviour == Behaviour.Normal)
            {
                ticket.Write("mine"u8);
                ticket.Write(state);
            }

            Misbehave(ticket);
            return Behaviour != Behaviour.Declines;
        }

        public TicketVerdict Open(in TicketContext context, ReadOnlySpan<byte> ticket, IBufferWriter<byte> state)
        {
            Opened = (context.Scope, context.Version, context.Now, context.Lifetime);
            if (Behaviour == Behaviour.Normal)
            {
                state.Write(ticket[4..]);
            }

            Misbehave(state);
            return Verdict;
        }

        private void Misbehave(IBufferWriter<byte> destination)
        {
            switch (Behaviour)
            {
                case Behaviour.Throws:
                    throw new InvalidOperationException("the store of keys is down");
                case Behaviour.WritesTooMuch:
                    destination.Write(new byte[70_000]);
                    break;
                case Behaviour.AdvancesTooFar:
                    destination.GetSpan(1);
                    destination.Advance(70_000);
                    break;
                case Behaviour.WritesRubbish:
                    destination.Write(new byte[] { 1, 2, 3 });
                    break;
            }
        }
    }
}
