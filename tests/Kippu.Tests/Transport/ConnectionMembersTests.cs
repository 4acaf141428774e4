using Kippu.Tests.Handshake;
using Xunit;

namespace Kippu.Tests.Transport;

/// <summary>What a stream and a pipe have of their connection, which they keep to themselves.</summary>
public sealed class ConnectionMembersTests
{
    [Fact]
    public async Task Both_ends_of_a_stream_export_the_same_keying_material()
    {
        await using var pair = await TlsPair.ConnectAsync();
        var (client, server) = (new byte[32], new byte[32]);

        pair.Client.ExportKeyingMaterial("EXPERIMENTAL kippu"u8, null, client);
        pair.Server.ExportKeyingMaterial("EXPERIMENTAL kippu"u8, null, server);

        Assert.Equal(client, server);
        Assert.NotEqual(new byte[32], client);
    }

    [Fact]
    public async Task Both_ends_of_a_pipe_export_the_same_keying_material()
    {
        await using var pair = await PipePair.ConnectAsync();
        var (client, server) = (new byte[32], new byte[32]);

        pair.Client.ExportKeyingMaterial("EXPERIMENTAL kippu"u8, null, client);
        pair.Server.ExportKeyingMaterial("EXPERIMENTAL kippu"u8, null, server);

        Assert.Equal(client, server);
        Assert.NotEqual(new byte[32], client);
    }

    [Fact]
    public async Task A_ticket_of_a_stream_goes_out_at_once()
    {
        await using var pair = await TlsPair.ConnectAsync(TestServers.Server13(TimeProvider.System), TestServers.Client13(TimeProvider.System));
        await pair.Server.FlushAsync();
        var writes = pair.InnerServer.Writes;

        Assert.Equal(1, pair.Server.SendTickets());

        Assert.Equal(writes + 1, pair.InnerServer.Writes);
    }

    [Fact]
    public async Task A_ticket_of_a_pipe_goes_out_at_once()
    {
        await using var pair = await PipePair.ConnectAsync(TestServers.Server13(TimeProvider.System), TestServers.Client13(TimeProvider.System));
        while (pair.InnerClient.Input.TryRead(out var handshake))
        {
            pair.InnerClient.Input.AdvanceTo(handshake.Buffer.End);
        }

        Assert.Equal(1, pair.Server.SendTickets());

        Assert.True(pair.InnerClient.Input.TryRead(out var ticket));
        Assert.False(ticket.Buffer.IsEmpty);
        pair.InnerClient.Input.AdvanceTo(ticket.Buffer.End);
    }

    [Fact]
    public async Task Before_the_handshake_there_is_nothing_of_it()
    {
        await using var pair = TlsPair.Create();
        await using var pipes = PipePair.Create();
        Action[] members =
        [
            () => pair.Client.ExportKeyingMaterial("EXPERIMENTAL kippu"u8, null, new byte[32]),
            () => pair.Client.UpdateKeys(),
            () => pair.Client.SendTickets(),
            () => _ = pair.Client.ConnectionNumber,
            () => pipes.Client.ExportKeyingMaterial("EXPERIMENTAL kippu"u8, null, new byte[32]),
            () => pipes.Client.UpdateKeys(),
            () => pipes.Client.SendTickets(),
            () => _ = pipes.Client.ConnectionNumber,
        ];

        Assert.All(members, member => Assert.Throws<InvalidOperationException>(member));
    }
}
