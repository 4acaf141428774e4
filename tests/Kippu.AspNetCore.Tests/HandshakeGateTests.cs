using Kippu.AspNetCore.Connections;

namespace Kippu.AspNetCore.Tests;

public sealed class HandshakeGateTests
{
    private readonly HandshakeGate _gate = new(limit: 1);

    [Fact]
    public async Task Whoever_has_a_ticket_that_opened_goes_first_and_the_others_in_their_order()
    {
        List<string> order = [];
        await _gate.EnterAsync(isShort: false, CancellationToken.None);
        Assert.True(_gate.IsBusy);

        Task[] waiting = [EnterAsync("full 1", false), EnterAsync("full 2", false), EnterAsync("short 1", true), EnterAsync("short 2", true)];
        Assert.Equal(4, _gate.Waiting);
        _gate.Exit();
        await Task.WhenAll(waiting).WaitAsync(TimeSpan.FromSeconds(30), Visitor.Token);

        Assert.Equal(["short 1", "short 2", "full 1", "full 2"], order);
        Assert.False(_gate.IsBusy);

        async Task EnterAsync(string who, bool isShort)
        {
            await _gate.EnterAsync(isShort, CancellationToken.None);
            order.Add(who);
            _gate.Exit();
        }
    }

    [Fact]
    public async Task Who_gives_up_leaves_no_gap()
    {
        await _gate.EnterAsync(isShort: false, CancellationToken.None);
        using var patience = new CancellationTokenSource();
        var first = _gate.EnterAsync(isShort: true, patience.Token).AsTask();
        var second = _gate.EnterAsync(isShort: false, CancellationToken.None).AsTask();

        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        _gate.Exit();

        await second.WaitAsync(TimeSpan.FromSeconds(30), Visitor.Token);
    }
}
