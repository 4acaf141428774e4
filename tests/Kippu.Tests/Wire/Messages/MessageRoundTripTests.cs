using System.Net.Security;
using CsCheck;
using Kippu.Wire;
using Kippu.Wire.Messages;
using Xunit;

namespace Kippu.Tests.Wire.Messages;

/// <summary>Whatever a message holds comes back from its bytes.</summary>
public sealed class MessageRoundTripTests
{
    private static readonly Gen<ReadOnlyMemory<byte>> s_random = Memory(32, 32);
    private static readonly Gen<ReadOnlyMemory<byte>> s_sessionId = Memory(0, 32);
    private static readonly Gen<UInt16List> s_list = Gen.UShort.Array[1, 40].Select(values => UInt16List.Of(values));
    private static readonly Gen<ProtocolNameList> s_protocols =
        Gen.Byte.Array[1, 255].Array[1, 5].Select(names => ProtocolNameList.Of(names.Select(name => new SslApplicationProtocol(name))));

    // It ends with a letter, so it is neither an address nor ends with a dot.
    private static readonly Gen<string> s_name =
        Gen.Char["abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_."].Array[0, 254].Select(chars => new string(chars) + "g");

    private static readonly Gen<ReadOnlyMemory<byte>> s_formats = Gen.Byte.Array[0, 10].Select(bytes => (ReadOnlyMemory<byte>)(byte[])[.. bytes, 0]);

    private static readonly Gen<ClientHello> s_clientHello =
        Gen.Select(
            Gen.Select(Gen.UShort, s_random, s_sessionId, s_list, s_formats, (version, random, id, suites, compression) => new ClientHello
            {
                LegacyVersion = version,
                Random = random,
                SessionId = id,
                CipherSuites = suites,
                CompressionMethods = compression,
            }),
            Gen.Select(Optional(s_list), Optional(s_formats), Optional(s_list), Optional(s_list), Optional(s_protocols), Optional(s_list)),
            Gen.Select(Gen.Bool, s_name, Optional(Memory(0, 300)), Optional(Memory(0, 255)), Optional(Gen.UShort[64, ushort.MaxValue]), Gen.Bool, Gen.Bool),
            (hello, lists, others) =>
            {
                (hello.SupportedGroups, hello.EcPointFormats, hello.SignatureAlgorithms) = (lists.Item1, lists.Item2, lists.Item3);
                (hello.SignatureAlgorithmsCert, hello.ApplicationProtocols, hello.SupportedVersions) = (lists.Item4, lists.Item5, lists.Item6);
                hello.ServerName = others.Item1 ? others.Item2 : null;
                (hello.SessionTicket, hello.RenegotiationInfo, hello.RecordSizeLimit) = (others.Item3, others.Item4, others.Item5);
                (hello.ExtendedMasterSecret, hello.StatusRequest) = (others.Item6, others.Item7);
                return hello;
            });

    private static readonly Gen<ServerHello> s_serverHello =
        Gen.Select(
            Gen.Select(Gen.UShort, s_random, s_sessionId, Gen.UShort, (version, random, id, suite) => new ServerHello
            {
                Version = version,
                Random = random,
                SessionId = id,
                CipherSuite = suite,
            }),
            Gen.Bool.Array[4],
            Gen.Select(Optional(s_formats), Optional(Memory(1, 255)), Optional(Memory(0, 255)), Optional(Gen.UShort[64, ushort.MaxValue])),
            (hello, flags, others) =>
            {
                (hello.ServerName, hello.SessionTicket, hello.ExtendedMasterSecret, hello.StatusRequest) = (flags[0], flags[1], flags[2], flags[3]);
                (hello.EcPointFormats, hello.ApplicationProtocol, hello.RenegotiationInfo) = (others.Item1, others.Item2, others.Item3);
                hello.RecordSizeLimit = others.Item4;
                return hello;
            });

    [Fact]
    public void ClientHello_comes_back_whole() => s_clientHello.Sample(sent =>
    {
        var read = Again(sent);

        Assert.Equal(sent.LegacyVersion, read.LegacyVersion);
        Same(sent.Random, read.Random);
        Same(sent.SessionId, read.SessionId);
        Same(sent.CipherSuites, read.CipherSuites);
        Same(sent.CompressionMethods, read.CompressionMethods);
        Assert.Equal(sent.ServerName, read.ServerName);
        Same(sent.SupportedGroups, read.SupportedGroups);
        Same(sent.EcPointFormats, read.EcPointFormats);
        Same(sent.SignatureAlgorithms, read.SignatureAlgorithms);
        Same(sent.SignatureAlgorithmsCert, read.SignatureAlgorithmsCert);
        Assert.Equal(sent.ApplicationProtocols?.Raw.ToArray(), read.ApplicationProtocols?.Raw.ToArray());
        Same(sent.SessionTicket, read.SessionTicket);
        Assert.Equal(sent.ExtendedMasterSecret, read.ExtendedMasterSecret);
        Same(sent.RenegotiationInfo, read.RenegotiationInfo);
        Assert.Equal(sent.RecordSizeLimit, read.RecordSizeLimit);
        Assert.Equal(sent.StatusRequest, read.StatusRequest);
        Same(sent.SupportedVersions, read.SupportedVersions);
        Same(sent.ExtensionTypes, read.ExtensionTypes);
    });

    [Fact]
    public void ServerHello_comes_back_whole() => s_serverHello.Sample(sent =>
    {
        var read = Again(sent);

        Assert.Equal(sent.Version, read.Version);
        Same(sent.Random, read.Random);
        Same(sent.SessionId, read.SessionId);
        Assert.Equal(sent.CipherSuite, read.CipherSuite);
        Assert.Equal(sent.CompressionMethod, read.CompressionMethod);
        Assert.Equal(sent.ServerName, read.ServerName);
        Same(sent.EcPointFormats, read.EcPointFormats);
        Same(sent.ApplicationProtocol, read.ApplicationProtocol);
        Assert.Equal(sent.SessionTicket, read.SessionTicket);
        Assert.Equal(sent.ExtendedMasterSecret, read.ExtendedMasterSecret);
        Same(sent.RenegotiationInfo, read.RenegotiationInfo);
        Assert.Equal(sent.RecordSizeLimit, read.RecordSizeLimit);
        Assert.Equal(sent.StatusRequest, read.StatusRequest);
        Same(sent.ExtensionTypes, read.ExtensionTypes);
    });

    [Fact]
    public void Certificate_comes_back_whole() => Memory(1, 400).Array[0, 5].Sample(certificates =>
        Same(certificates, Again(new CertificateMessage12 { Certificates = certificates }).Certificates));

    [Fact]
    public void CertificateStatus_comes_back_whole() => Memory(1, 400).Sample(response =>
        Same(response, Again(new CertificateStatus { OcspResponse = response }).OcspResponse));

    [Fact]
    public void ServerKeyExchange_comes_back_whole() =>
        Gen.Select(Gen.UShort, Memory(1, 255), Gen.UShort, Memory(0, 600)).Sample((group, key, scheme, signature) =>
        {
            using var buffer = new WireBuffer();
            ServerKeyExchange.WriteParameters(new TlsWriter(buffer), (NamedGroup)group, key.Span);
            var parameters = buffer.Written.ToArray();
            var read = Again(new ServerKeyExchange { Group = group, PublicKey = key, Parameters = parameters, Scheme = scheme, Signature = signature });

            Assert.Equal(group, read.Group);
            Same(key, read.PublicKey);
            Same(parameters, read.Parameters);
            Assert.Equal(scheme, read.Scheme);
            Same(signature, read.Signature);
        });

    [Fact]
    public void CertificateRequest_comes_back_whole() =>
        Gen.Select(Memory(1, 255), s_list, Memory(1, 200).Array[0, 5]).Sample((types, schemes, authorities) =>
        {
            var read = Again(new CertificateRequest12 { CertificateTypes = types, SignatureAlgorithms = schemes, CertificateAuthorities = authorities });

            Same(types, read.CertificateTypes);
            Same(schemes, read.SignatureAlgorithms);
            Same(authorities, read.CertificateAuthorities);
        });

    [Fact]
    public void CertificateVerify_comes_back_whole() => Gen.Select(Gen.UShort, Memory(0, 600)).Sample((scheme, signature) =>
    {
        var read = Again(new CertificateVerify { Scheme = scheme, Signature = signature });

        Assert.Equal(scheme, read.Scheme);
        Same(signature, read.Signature);
    });

    [Fact]
    public void ClientKeyExchange_comes_back_whole() => Memory(1, 255).Sample(key => Same(key, Again(new ClientKeyExchange { PublicKey = key }).PublicKey));

    [Fact]
    public void NewSessionTicket_comes_back_whole() => Gen.Select(Gen.UInt, Memory(0, 600)).Sample((hint, ticket) =>
    {
        var read = Again(new NewSessionTicket12 { LifetimeHint = hint, Ticket = ticket });

        Assert.Equal(hint, read.LifetimeHint);
        Same(ticket, read.Ticket);
    });

    [Fact]
    public void Finished_comes_back_whole() => Memory(12, 12).Sample(data => Same(data, Again(new Finished { VerifyData = data }).VerifyData));

    [Fact]
    public void Alert_comes_back_whole() => Gen.Select(Gen.Bool, Gen.Byte).Sample((fatal, description) =>
    {
        var read = AlertMessage.Parse(new AlertMessage(fatal, (AlertDescription)description).ToArray());

        Assert.Equal(fatal, read.IsFatal);
        Assert.Equal(description, (byte)read.Description);
    });

    [Fact]
    public void The_samples_of_ours_come_back_byte_for_byte() => Assert.All(MessageSample.All.Where(pair => !pair.Key.Contains(" of ", StringComparison.Ordinal)), pair =>
        Assert.Equal(pair.Value.Body, pair.Value.Rewrite(pair.Value.Body)));

    private static T Again<T>(T message)
        where T : IHandshakeBody<T> => T.Parse(MessageSample.Write(message));

    private static Gen<ReadOnlyMemory<byte>> Memory(int min, int max) => Gen.Byte.Array[min, max].Select(bytes => (ReadOnlyMemory<byte>)bytes);

    private static Gen<T?> Optional<T>(Gen<T> gen)
        where T : struct => Gen.Select(Gen.Bool, gen, (there, value) => there ? value : (T?)null);

    private static void Same(ReadOnlyMemory<byte>? expected, ReadOnlyMemory<byte>? actual) => Assert.Equal(expected?.ToArray(), actual?.ToArray());

    private static void Same(UInt16List? expected, UInt16List? actual) => Assert.Equal(expected?.Raw.ToArray(), actual?.Raw.ToArray());

    private static void Same(IReadOnlyList<ReadOnlyMemory<byte>> expected, IReadOnlyList<ReadOnlyMemory<byte>> actual) =>
        Assert.Equal(expected.Select(item => item.ToArray()), actual.Select(item => item.ToArray()));
}
