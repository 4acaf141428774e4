using System.Net.Security;
using System.Security.Authentication;
using Kippu.Records;
using Kippu.Tests.Handshake.Peers;
using Kippu.Wire;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Kippu.Tests.Handshake;

/// <summary>What <see cref="TlsConnection"/> promises to who feeds and drains it.</summary>
public sealed class ConnectionContractTests
{
    private readonly FakeTimeProvider _time = TestServers.Clock();

    public static TheoryData<TlsCipherSuite> Suites => [.. CipherSuite.All.ToArray().Select(suite => suite.Id)];

    [Theory]
    [InlineData(0)]
    [InlineData(99)]
    public void A_destination_that_is_too_small_gets_the_size_and_consumes_nothing(int size)
    {
        using var peer = HostilePeer.Of(victimIsServer: true, _time);
        peer.Connect();
        var record = peer.Records.Seal(ContentType.ApplicationData, new byte[100]);
        var connection = peer.Victim.Connection;

        Assert.Equal(new TlsReadResult(TlsReadStatus.DestinationTooSmall, 0, 0, 100), connection.Read(record, new byte[size]));
        Assert.Equal(new TlsReadResult(TlsReadStatus.DestinationTooSmall, 0, 0, 100), connection.Read(record, new byte[size]));
        Assert.Equal(new TlsReadResult(TlsReadStatus.Data, record.Length, 100, 0), connection.Read(record, new byte[100]));
    }

    [Fact]
    public void One_read_delivers_one_record()
    {
        using var peer = HostilePeer.Of(victimIsServer: false, _time);
        peer.Connect();
        byte[] wire = [.. peer.Records.Seal(ContentType.ApplicationData, [1, 2]), .. peer.Records.Seal(ContentType.ApplicationData, [3])];
        var destination = new byte[10];
        var first = peer.Victim.Connection.Read(wire, destination);
        var second = peer.Victim.Connection.Read(wire.AsSpan(first.Consumed), destination);

        Assert.Equal((TlsReadStatus.Data, 2), (first.Status, first.Written));
        Assert.Equal((TlsReadStatus.Data, 1), (second.Status, second.Written));
        Assert.Equal(wire.Length, first.Consumed + second.Consumed);
    }

    [Fact]
    public void Too_little_input_is_told_what_is_needed_and_consumes_nothing()
    {
        using var peer = HostilePeer.Of(victimIsServer: true, _time);
        peer.Connect();
        var record = peer.Records.Seal(ContentType.ApplicationData, new byte[100]);
        for (var length = 0; length < record.Length; length++)
        {
            var result = peer.Victim.Connection.Read(record.AsSpan(0, length), new byte[100]);
            Assert.Equal(new TlsReadResult(TlsReadStatus.NeedsInput, 0, 0, length < 5 ? 5 : record.Length), result);
        }
    }

    [Fact]
    public void Connected_is_said_once_before_any_data()
    {
        using var peer = HostilePeer.Of(victimIsServer: true, _time);
        peer.SendAllBeforeChange();
        var end = peer.Capture(() =>
        {
            peer.SendChangeCipherSpec();
            peer.SendFinished();
        });
        byte[] wire = [.. end, .. peer.Records.Seal(ContentType.ApplicationData, [5])];
        var connection = peer.Victim.Connection;

        Assert.Equal(new TlsReadResult(TlsReadStatus.Connected, end.Length, 0, 0), connection.Read(wire, new byte[10]));
        Assert.True(connection.CanWrite);
        Assert.Equal(new TlsReadResult(TlsReadStatus.Data, wire.Length - end.Length, 1, 0), connection.Read(wire.AsSpan(end.Length), new byte[10]));
        Assert.Equal(TlsReadStatus.NeedsInput, connection.Read([], []).Status);
    }

    [Fact]
    public void A_destination_that_is_too_small_for_a_record_takes_none_of_it()
    {
        using var pair = new ConnectionPair(TestServers.Client(_time), TestServers.Server(_time)).Connect();
        var connection = pair.Client.Connection;
        var size = connection.GetWriteSize(100);

        Assert.Equal(new TlsWriteResult(0, 0), connection.Write(new byte[100], new byte[50]));
        var result = connection.Write(new byte[100], new byte[size]);
        Assert.Equal(100, result.Consumed);
        Assert.InRange(result.Written, 100, size);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(16 * 1024)]
    [InlineData((16 * 1024) + 1)]
    [InlineData(100_000)]
    public void The_write_size_suffices_for_what_waits_and_the_data(int length)
    {
        using var pair = new ConnectionPair(TestServers.Client(_time), TestServers.Server(_time));
        pair.Server.Receive(pair.Client.Drain());
        pair.Client.Receive(pair.Server.Drain());
        pair.Server.Receive(pair.Client.Drain());
        Assert.True(pair.Server.Connection.HasPendingOutput); // ticket, ChangeCipherSpec and Finished
        Assert.True(pair.Server.Connection.CanWrite);
        var data = new byte[length];
        Random.Shared.NextBytes(data);
        pair.Client.Receive(pair.Server.Write(data));

        Assert.True(pair.Client.Connection.IsConnected);
        Assert.Equal(data, pair.Client.Delivered);
    }

    [Fact]
    public void What_waits_goes_out_in_whole_records_as_far_as_there_is_room()
    {
        using var pair = new ConnectionPair(TestServers.Client(_time), TestServers.Server(_time));
        pair.Server.Receive(pair.Client.Drain());
        var size = pair.Server.Connection.GetWriteSize(0);
        var whole = new byte[size];
        Assert.Equal(0, pair.Server.Connection.Drain(whole.AsSpan(0, 3)));
        Assert.True(pair.Server.Connection.HasPendingOutput);
        var written = pair.Server.Connection.Drain(whole);

        Assert.InRange(written, 100, size);
        Assert.False(pair.Server.Connection.HasPendingOutput);
        pair.Client.Receive(whole.AsSpan(0, written));
        pair.Run();
        Assert.True(pair.Client.Connection.IsConnected);
    }

    [Fact]
    public async Task One_thread_reads_while_another_writes()
    {
        using var pair = new ConnectionPair(TestServers.Client(_time), TestServers.Server(_time)).Connect();
        await Task.WhenAll(
            Task.Run(() => Carry(pair.Client.Connection, pair.Server.Connection, new byte[4000], new byte[5000], 3000)),
            Task.Run(() => Carry(pair.Server.Connection, pair.Client.Connection, new byte[4000], new byte[5000], 3000)));

        Assert.True(pair.Client.Connection.CanWrite && pair.Server.Connection.CanWrite);
    }

    [Fact]
    public void A_connection_can_be_disposed_at_any_time_and_twice()
    {
        Action<HostilePeer>[] moments = [_ => { }, peer => peer.SendHello(), peer => peer.SendAllBeforeChange(), peer => peer.Connect(), peer => peer.SendContent((ContentType)22, [])];
        foreach (var victimIsServer in new[] { true, false })
        {
            foreach (var moment in moments)
            {
                var peer = HostilePeer.Of(victimIsServer, _time);
                moment(peer);
                peer.Victim.Dispose();
                peer.Victim.Dispose();
                Assert.False(peer.Victim.Connection.CanWrite);
                Assert.False(peer.Victim.Connection.HasPendingOutput);
                peer.Dispose();
            }
        }
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public void Records_allocate_nothing(TlsCipherSuite suite)
    {
        var serverOptions = TestServers.ServerOptions(_time, TestPki.EcdsaP256, TestPki.Rsa2048);
        serverOptions.Protocols = SslProtocols.None;
        var client = TestServers.Client(_time, options =>
        {
            options.Protocols = SslProtocols.None;
            options.CipherSuites.Add(suite);
        });
        using var pair = new ConnectionPair(client, new TlsServer(serverOptions)).Connect();
        var plaintext = new byte[RecordLimits.MaxPlaintext];
        var wire = new byte[RecordLimits.MaxPlaintext + 100];
        Carry(pair, plaintext, wire, 2000); // until the runtime has compiled it for good

        var allocated = long.MaxValue;
        for (var attempt = 0; attempt < 5 && allocated != 0; attempt++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Carry(pair, plaintext, wire, 200);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(0, allocated);
    }

    private static void Carry(ConnectionPair pair, byte[] plaintext, byte[] wire, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var length = (i * 37) % 1000;
            One(pair.Client.Connection, pair.Server.Connection, plaintext, wire, length + 1);
            One(pair.Server.Connection, pair.Client.Connection, plaintext, wire, length + 1);
        }
    }

    private static void Carry(TlsConnection from, TlsConnection to, byte[] plaintext, byte[] wire, int count)
    {
        for (var i = 0; i < count; i++)
        {
            One(from, to, plaintext, wire, (i % 4000) + 1);
        }
    }

    private static void One(TlsConnection from, TlsConnection to, byte[] plaintext, byte[] wire, int length)
    {
        var size = from.GetWriteSize(length);
        var written = from.Write(plaintext.AsSpan(0, length), wire.AsSpan(0, size)).Written;
        var read = to.Read(wire.AsSpan(0, written), plaintext);
        if (read.Written != length || read.Consumed != written)
        {
            throw new InvalidOperationException("the record did not arrive whole");
        }
    }
}
