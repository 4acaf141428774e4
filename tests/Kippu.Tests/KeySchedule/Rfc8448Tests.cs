using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kippu.Crypto;
using Kippu.KeySchedule;
using Kippu.Tests.Wire;
using Kippu.Wire;
using Kippu.Wire.Messages;
using Xunit;

namespace Kippu.Tests.KeySchedule;

/// <summary>
/// The traces of RFC 8448, for both roles: every secret, key, IV, binder, Finished and record, byte for byte. A step that is not known here fails the test.
/// </summary>
public sealed class Rfc8448Tests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Section_3_simple_1_RTT_handshake(bool client) => Walk(3, client);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Section_4_resumed_0_RTT_handshake(bool client)
    {
        using var first = new Rfc8448Party(Rfc8448Trace.Load(3), client, psk: null);
        Walk(4, client, first.Psk);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Section_5_HelloRetryRequest(bool client) => Walk(5, client);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Section_6_client_authentication(bool client) => Walk(6, client);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Section_7_compatibility_mode(bool client) => Walk(7, client);

    [Theory]
    [InlineData(3, 1)]
    [InlineData(5, 1)]
    [InlineData(6, 2)]
    [InlineData(7, 1)]
    public void The_signatures_verify_over_the_content_of_RFC_8446_4_4_3(int section, int signatures)
    {
        using var transcript = new Transcript();
        transcript.SelectHash(HashAlgorithmName.SHA256);
        var verified = 0;
        X509Certificate2? certificate = null;
        foreach (var step in Rfc8448Trace.Load(section).Steps.Where(step => step.Title.StartsWith("construct", StringComparison.Ordinal)))
        {
            var message = WholeMessage.Parse(step.Bytes(step.Fields.Keys.Single()));
            switch (message.Type)
            {
                case HandshakeType.ServerHello when HelloRetryRequest.IsIn(message.Body):
                    transcript.ReplaceByMessageHash();
                    break;
                case HandshakeType.Certificate:
                    certificate = X509CertificateLoader.LoadCertificate(CertificateMessage13.Parse(message.Body).Entries[0].Certificate.Span);
                    break;
                case HandshakeType.CertificateVerify:
                    Assert.True(IsSignature(certificate!, CertificateVerify.Parse(message.Body), transcript, byServer: !step.IsClient));
                    Assert.False(IsSignature(certificate!, CertificateVerify.Parse(message.Body), transcript, byServer: step.IsClient));
                    verified++;
                    break;
            }

            transcript.Append(message.Raw.Span);
        }

        Assert.Equal(signatures, verified);
    }

    private static bool IsSignature(X509Certificate2 certificate, CertificateVerify message, Transcript transcript, bool byServer)
    {
        var hash = new byte[64];
        var content = CertificateVerify.ContentToSign(byServer, hash.AsSpan(0, transcript.CurrentHash(hash)));
        using AsymmetricAlgorithm key = certificate.GetRSAPublicKey() ?? (AsymmetricAlgorithm)certificate.GetECDsaPublicKey()!;
        return Signatures.Verify(key, (SignatureScheme)message.Scheme, content, message.Signature.Span);
    }

    private static void Walk(int section, bool client, byte[]? psk = null)
    {
        var trace = Rfc8448Trace.Load(section);
        using var party = new Rfc8448Party(trace, client, psk);
        using var walk = new Rfc8448Walk(party, client);
        foreach (var step in trace.Steps)
        {
            if (step.IsClient == client)
            {
                walk.Own(step);
            }
            else
            {
                walk.Peers(step);
            }
        }
    }
}
