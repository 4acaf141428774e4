using Xunit;

namespace Kippu.Tests.Handshake;

/// <summary>As <see cref="TamperingTests"/>, for the handshakes of TLS 1.3: somebody between the two who changes one bit of what they say.</summary>
public sealed class Tampering13Tests
{
    private const int HeaderLength = 5;
    private const byte ApplicationData = 23;

    public static TheoryData<string, bool> KindsAndDirections
    {
        get
        {
            var data = new TheoryData<string, bool>();
            foreach (var kind in Scene13.Kinds.Where(kind => kind != Scene13.LargeHello))
            {
                data.Add(kind, true);
                data.Add(kind, false);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(KindsAndDirections))]
    public void No_byte_of_a_handshake_can_be_changed_unnoticed(string kind, bool fromClient)
    {
        var scene = new Scene13(kind);
        var wasReached = true;
        for (var index = 0; wasReached; index++)
        {
            using var pair = scene.Begin();
            var sent = new List<byte>();
            wasReached = false;
            pair.Tamper = (ofClient, bytes) =>
            {
                if (ofClient == fromClient)
                {
                    var at = index - sent.Count;
                    sent.AddRange(bytes);
                    if (at >= 0 && at < bytes.Length)
                    {
                        wasReached = true;
                        bytes[at] ^= (byte)(1 << (index % 8));
                    }
                }

                return bytes;
            };
            scene.Run(pair);
            Assert.NotEqual(TlsFault.InternalError, pair.Client.Fault?.Fault);
            Assert.NotEqual(TlsFault.InternalError, pair.Server.Fault?.Fault);
            Assert.True(!wasReached || !IsUnharmed(pair) || MayGoUnnoticed(kind, fromClient, sent, index), $"byte {index} does not matter");
        }
    }

    /// <summary>Both are connected, and data gets through both ways: a record whose length was changed is noticed by then.</summary>
    private static bool IsUnharmed(ConnectionPair pair)
    {
        if (!pair.Client.Connection.IsConnected || !pair.Server.Connection.IsConnected || pair.Client.Fault is not null || pair.Server.Fault is not null)
        {
            return false;
        }

        pair.Client.Receive(pair.Server.Write([1]));
        if (pair.Client is not { Fault: null, Delivered.Count: 1 })
        {
            return false;
        }

        pair.Server.Receive(pair.Client.Write([2]));
        return pair.Server is { Fault: null, Delivered.Count: 1 };
    }

    /// <summary>
    /// RFC 8446 §5.1: legacy_record_version "MUST be ignored for all purposes"; that of a protected record is covered by its protection (§5.2). Early data that is refused
    /// is skipped unread, so nobody notices what was changed in it (§4.2.10).
    /// </summary>
    private static bool MayGoUnnoticed(string kind, bool fromClient, List<byte> sent, int index)
    {
        var start = 0;
        while (start + HeaderLength <= sent.Count)
        {
            var end = start + HeaderLength + ((sent[start + 3] << 8) | sent[start + 4]);
            if (index < end)
            {
                var isSkipped = kind == Scene13.EarlyRefused && fromClient && sent[start] == ApplicationData;
                return isSkipped ? index - start is 1 or 2 or >= HeaderLength : sent[start] != ApplicationData && index - start is 1 or 2;
            }

            start = end;
        }

        return false;
    }
}
