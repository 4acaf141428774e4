using Kippu.Alerts;
using Xunit;

namespace Kippu.Tests.Architecture;

public sealed class FaultAlertsTests
{
    public static TheoryData<TlsFault> Faults => new(Enum.GetValues<TlsFault>());

    [Theory, MemberData(nameof(Faults))]
    public void Every_fault_is_mapped_to_a_known_alert_or_to_silence(TlsFault fault)
    {
        var alert = FaultAlerts.AlertFor(fault);

        Assert.True(alert is null || Enum.IsDefined(alert.Value), $"{fault} is mapped to the unknown alert {alert}");
        Assert.NotEqual(AlertDescription.CloseNotify, alert);
    }

    [Fact]
    public void Only_a_peer_that_is_gone_is_sent_no_alert() =>
        Assert.Equal([TlsFault.Truncated, TlsFault.PeerAlert], Enum.GetValues<TlsFault>().Where(fault => FaultAlerts.AlertFor(fault) is null));

    [Fact]
    public void A_fault_outside_the_list_is_a_programming_error() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => FaultAlerts.AlertFor((TlsFault)int.MaxValue));
}
