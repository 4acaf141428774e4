using CsCheck;
using Kippu.Wire;
using Kippu.Wire.Messages;
using Xunit;

namespace Kippu.Tests.Wire.Messages;

/// <summary>Whatever a message of TLS 1.3 holds comes back from its bytes.</summary>
public sealed class MessageRoundTrip13Tests
{
    private static readonly Gen<UInt16List> s_list = Gen.UShort.Array[1, 40].Select(values => UInt16List.Of(values));
    private static readonly Gen<IReadOnlyList<ReadOnlyMemory<byte>>> s_names =
        Memory(1, 200).Array[1, 4].Select(names => (IReadOnlyList<ReadOnlyMemory<byte>>)names);
    private static readonly Gen<ushort> s_limit = Gen.UShort[64, ushort.MaxValue];

    private static readonly Gen<KeyShareEntry> s_share = Gen.Select(Gen.UShort, Memory(1, 1300), (group, key) => new KeyShareEntry(group, key));

    private static readonly Gen<OfferedPsks> s_offer =
        Gen.Select(
                Gen.Select(Memory(1, 300), Gen.UInt, (ticket, age) => new PskIdentity(ticket, age)),
                Gen.Bool.Select(sha384 => sha384 ? 48 : 32), (identity, length) => (identity, length))
            .Array[1, 5].Select(entries => OfferedPsks.Of([.. entries.Select(entry => entry.identity)], [.. entries.Select(entry => entry.length)]));

    [Fact]
    public void The_extensions_of_a_ClientHello_come_back_whole() =>
        Gen.Select(
            Gen.Select(Optional(s_share.Array[0, 4].Select(shares => KeyShareList.Of(shares))), Optional(s_offer), Optional(Memory(1, 5)), Gen.Bool),
            Gen.Select(Optional(Memory(1, 100)), Gen.Bool, s_names, Optional(Gen.Select(Gen.Byte, Gen.Byte, (a, b) => new TicketRequest(a, b))), Gen.Bool))
        .Sample((keys, others) =>
        {
            var sent = SampleHellos.BareClient;
            (sent.KeyShares, sent.PreSharedKeys, sent.PskKeyExchangeModes, sent.EarlyData) = keys;
            (sent.Cookie, sent.SignedCertificateTimestamps, sent.TicketRequest) = (others.Item1, others.Item2, others.Item4);
            sent.CertificateAuthorities = others.Item5 ? others.Item3 : null;
            var read = Again(sent);

            Assert.Equal(sent.KeyShares?.Raw.ToArray(), read.KeyShares?.Raw.ToArray());
            Assert.Equal(sent.KeyShares?.Count, read.KeyShares?.Count);
            Assert.Equal(sent.PreSharedKeys?.RawIdentities.ToArray(), read.PreSharedKeys?.RawIdentities.ToArray());
            Assert.Equal(sent.PreSharedKeys?.RawBinders.ToArray(), read.PreSharedKeys?.RawBinders.ToArray());
            Assert.Equal(sent.PreSharedKeys?.Count, read.PreSharedKeys?.Count);
            Same(sent.PskKeyExchangeModes, read.PskKeyExchangeModes);
            Assert.Equal(sent.EarlyData, read.EarlyData);
            Same(sent.Cookie, read.Cookie);
            Assert.Equal(sent.SignedCertificateTimestamps, read.SignedCertificateTimestamps);
            Assert.Equal(sent.TicketRequest, read.TicketRequest);
            Same(sent.CertificateAuthorities, read.CertificateAuthorities);
            Assert.Equal(sent.ExtensionTypes.Raw.ToArray(), read.ExtensionTypes.Raw.ToArray());
        });

    [Fact]
    public void ServerHello_comes_back_whole() => Gen.Select(Gen.UShort, Optional(s_share), Optional(Gen.UShort)).Sample((version, share, index) =>
    {
        var sent = SampleHellos.BareServer;
        (sent.SelectedVersion, sent.KeyShare, sent.SelectedIdentity) = (version, share, index);
        var read = Again(sent);

        Assert.Equal(version, read.SelectedVersion);
        Assert.Equal(share?.Group, read.KeyShare?.Group);
        Same(share?.KeyExchange, read.KeyShare?.KeyExchange);
        Assert.Equal(index, read.SelectedIdentity);
    });

    [Fact]
    public void HelloRetryRequest_comes_back_whole() =>
        Gen.Select(Memory(0, 32), Gen.UShort, Gen.UShort, Optional(Gen.UShort), Optional(Memory(1, 300))).Sample((id, suite, version, group, cookie) =>
        {
            var sent = new HelloRetryRequest { SessionId = id, CipherSuite = suite, SelectedVersion = version, SelectedGroup = group, Cookie = cookie };
            var read = Again(sent);

            Assert.True(HelloRetryRequest.IsIn(MessageSample.Write(sent)));
            Same(id, read.SessionId);
            Assert.Equal(((ushort)0x0303, suite, version, group), (read.LegacyVersion, read.CipherSuite, read.SelectedVersion.GetValueOrDefault(), read.SelectedGroup));
            Same(cookie, read.Cookie);
        });

    [Fact]
    public void EncryptedExtensions_come_back_whole() =>
        Gen.Select(Gen.Bool, Optional(s_list), Optional(Memory(1, 255)), Optional(s_limit), Gen.Bool, Optional(Gen.Byte)).Sample(
            (name, groups, protocol, limit, early, tickets) =>
        {
            var read = Again(new EncryptedExtensions
            {
                ServerName = name,
                SupportedGroups = groups,
                ApplicationProtocol = protocol,
                RecordSizeLimit = limit,
                EarlyData = early,
                ExpectedTickets = tickets,
            });

            Assert.Equal((name, limit, early, tickets), (read.ServerName, read.RecordSizeLimit, read.EarlyData, read.ExpectedTickets));
            Assert.Equal(groups?.Raw.ToArray(), read.SupportedGroups?.Raw.ToArray());
            Same(protocol, read.ApplicationProtocol);
        });

    [Fact]
    public void CertificateRequest_comes_back_whole() =>
        Gen.Select(Memory(0, 255), s_list, Optional(s_list), Gen.Bool, s_names, Gen.Bool, Gen.Bool).Sample(
            (context, schemes, inCertificates, named, names, status, timestamps) =>
        {
            var read = Again(new CertificateRequest13
            {
                Context = context,
                SignatureAlgorithms = schemes,
                SignatureAlgorithmsCert = inCertificates,
                CertificateAuthorities = named ? names : null,
                StatusRequest = status,
                SignedCertificateTimestamps = timestamps,
            });

            Same(context, read.Context);
            Assert.Equal(schemes.Raw.ToArray(), read.SignatureAlgorithms.Raw.ToArray());
            Assert.Equal(inCertificates?.Raw.ToArray(), read.SignatureAlgorithmsCert?.Raw.ToArray());
            Same(named ? names : null, read.CertificateAuthorities);
            Assert.Equal((status, timestamps), (read.StatusRequest, read.SignedCertificateTimestamps));
        });

    [Fact]
    public void Certificate_comes_back_whole() =>
        Gen.Select(Memory(0, 255), Gen.Select(Memory(1, 400), Optional(Memory(1, 100)), Gen.Bool).Array[0, 4]).Sample((context, entries) =>
        {
            var sent = entries.Select(entry => new CertificateEntry
            {
                Certificate = entry.Item1,
                OcspResponse = entry.Item2,
                SignedCertificateTimestamps = entry.Item3 ? Samples13.Timestamps : default(ReadOnlyMemory<byte>?),
            }).ToArray();
            var read = Again(new CertificateMessage13 { Context = context, Entries = sent });

            Same(context, read.Context);
            Assert.Equal(sent.Length, read.Entries.Count);
            foreach (var (before, after) in sent.Zip(read.Entries))
            {
                Same(before.Certificate, after.Certificate);
                Same(before.OcspResponse, after.OcspResponse);
                Same(before.SignedCertificateTimestamps, after.SignedCertificateTimestamps);
            }
        });

    [Fact]
    public void NewSessionTicket_comes_back_whole() =>
        Gen.Select(Gen.UInt, Gen.UInt, Memory(0, 255), Memory(1, 600), Optional(Gen.UInt)).Sample((lifetime, ageAdd, nonce, ticket, early) =>
        {
            var read = Again(new NewSessionTicket13 { Lifetime = lifetime, AgeAdd = ageAdd, Nonce = nonce, Ticket = ticket, MaxEarlyData = early });

            Assert.Equal((lifetime, ageAdd, early), (read.Lifetime, read.AgeAdd, read.MaxEarlyData));
            Same(nonce, read.Nonce);
            Same(ticket, read.Ticket);
        });

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public void KeyUpdate_comes_back_whole(bool requested, byte written)
    {
        Assert.Equal([written], MessageSample.Write(new KeyUpdate { IsRequested = requested }));
        Assert.Equal(requested, Again(new KeyUpdate { IsRequested = requested }).IsRequested);
    }

    [Theory]
    [InlineData(32)]
    [InlineData(48)]
    public void Finished_has_the_length_of_the_hash(int length)
    {
        var body = SampleHellos.Counting(length);

        Assert.Equal(body, Finished.Parse(body, length).VerifyData.ToArray());
        FaultAssert.Throws(TlsFault.MalformedMessage, () => Finished.Parse(body.AsMemory(1), length));
        FaultAssert.Throws(TlsFault.MalformedMessage, () => Finished.Parse((byte[])[.. body, 0], length));
    }

    private static T Again<T>(T message)
        where T : IHandshakeBody<T> => T.Parse(MessageSample.Write(message));

    private static Gen<ReadOnlyMemory<byte>> Memory(int min, int max) => Gen.Byte.Array[min, max].Select(bytes => (ReadOnlyMemory<byte>)bytes);

    private static Gen<T?> Optional<T>(Gen<T> gen)
        where T : struct => Gen.Select(Gen.Bool, gen, (there, value) => there ? value : (T?)null);

    private static void Same(ReadOnlyMemory<byte>? expected, ReadOnlyMemory<byte>? actual) => Assert.Equal(expected?.ToArray(), actual?.ToArray());

    private static void Same(IReadOnlyList<ReadOnlyMemory<byte>>? expected, IReadOnlyList<ReadOnlyMemory<byte>>? actual) =>
        Assert.Equal(expected?.Select(item => item.ToArray()), actual?.Select(item => item.ToArray()));
}
