using System.Security.Cryptography;
using Kippu.Records;
using Kippu.Tests.Handshake.Peers;
using Kippu.Wire;
using Kippu.Wire.Messages;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Kippu.Tests.Handshake;

/// <summary>Signatures, Finished and records with a bit flipped, or made with the wrong key: each must be noticed, whichever bit it is.</summary>
public sealed class BadProofTests
{
    private readonly FakeTimeProvider _time = TestServers.Clock();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Every_bit_of_Finished_counts(bool victimIsServer)
    {
        for (var bit = 0; bit < Finished.VerifyDataLength * 8; bit++)
        {
            using var peer = HostilePeer.Of(victimIsServer, _time);
            peer.Edit = Edits.Body(HandshakeType.Finished, body => Flip(body, bit));
            peer.Connect();

            peer.Refused(TlsFault.BadFinished, AlertDescription.DecryptError);
            Assert.False(peer.Victim.Connection.IsConnected);
        }
    }

    [Fact]
    public void A_Finished_that_is_the_victims_own_is_not_taken()
    {
        using var asServer = new HostileServer(TestServers.Client(_time));
        asServer.Edit = Edits.Body(HandshakeType.Finished, _ => asServer.Said<Finished>().VerifyData.ToArray());
        asServer.Connect();
        asServer.Refused(TlsFault.BadFinished, AlertDescription.DecryptError);

        // In an abbreviated handshake it is the server who finishes first.
        var server = TestServers.Server(_time);
        using var first = new HostileClient(server).Connect();
        using var asClient = new HostileClient(server) { Session = first.NewSession };
        asClient.Edit = Edits.Body(HandshakeType.Finished, _ => asClient.Said<Finished>().VerifyData.ToArray());
        asClient.Connect();
        Assert.True(asClient.Resumes);
        asClient.Refused(TlsFault.BadFinished, AlertDescription.DecryptError);
    }

    [Theory]
    [InlineData(HandshakeType.ClientHello, true)]
    [InlineData(HandshakeType.ClientKeyExchange, true)]
    [InlineData(HandshakeType.ServerHello, false)]
    [InlineData(HandshakeType.NewSessionTicket, false)]
    public void A_message_changed_on_its_way_is_noticed_at_Finished(HandshakeType type, bool victimIsServer)
    {
        using var peer = Conversations.Run(victimIsServer, static (_, raw) => raw);
        peer.Connected();

        // The peer believes that it sent the original, as if somebody between the two had changed it.
        using var tampered = HostilePeer.Of(victimIsServer, _time);
        tampered.Tamper = (sent, raw) =>
        {
            if (sent == type)
            {
                // The last byte of a random, or of a ticket: nothing but the hash shows it. A key exchange gives another secret.
                raw[type is HandshakeType.ClientHello or HandshakeType.ServerHello ? 4 + 2 + 31 : raw.Length - 1] ^= 1;
            }

            return raw;
        };
        if (tampered is HostileServer server)
        {
            server.PromisesTicket = true;
        }

        tampered.Connect();
        Assert.NotNull(tampered.Victim.Fault);
        Assert.True(tampered.Victim.Fault.Fault is TlsFault.BadFinished or TlsFault.BadRecordMac or TlsFault.BadSignature, tampered.Victim.Fault.Message);
        Assert.False(tampered.Victim.Connection.IsConnected);
    }

    [Fact]
    public void Every_byte_of_the_servers_signature_counts()
    {
        for (var i = 0; i < 64; i++)
        {
            using var peer = new HostileServer(TestServers.Client(_time)) { Credential = TestPki.Rsa2048.Credential, Scheme = SignatureScheme.RsaPssRsaeSha256, ChosenSuite = 0xC02F };
            peer.Edit = Edits.Body(HandshakeType.ServerKeyExchange, body => Flip(body, ((body.Length - 256) * 8) + (i * 32) + (i % 8)));
            peer.SendHello();
            peer.SendCertificate();
            peer.SendKeyExchange();

            peer.Refused(TlsFault.BadSignature, AlertDescription.DecryptError);
        }
    }

    [Fact]
    public void Every_byte_of_an_ECDSA_signature_counts_its_DER_included()
    {
        for (var i = 0; i < 70; i++)
        {
            using var peer = new HostileServer(TestServers.Client(_time));
            peer.Edit = Edits.Body(HandshakeType.ServerKeyExchange, body => Flip(body, (Math.Min(40 + i, body.Length - 1) * 8) + (i % 8)));
            peer.SendHello();
            peer.SendCertificate();
            peer.SendKeyExchange();

            peer.Refused(TlsFault.BadSignature, AlertDescription.DecryptError);
        }
    }

    [Fact]
    public void The_signature_covers_both_randoms_the_group_and_the_key()
    {
        Func<HostileServer, byte[]>[] forgeries =
        [
            peer => [.. RandomNumberGenerator.GetBytes(32), .. peer.ServerRandom],
            peer => [.. peer.ClientRandom, .. RandomNumberGenerator.GetBytes(32)],
            peer => [.. peer.ServerRandom, .. peer.ClientRandom],
        ];
        foreach (var randoms in forgeries)
        {
            using var peer = new HostileServer(TestServers.Client(_time));
            peer.SendHello();
            peer.SendCertificate();
            using var share = Kippu.Crypto.KeyShare.Generate(NamedGroup.X25519);
            var right = peer.KeyExchange(share);
            peer.Send(new ServerKeyExchange
            {
                Group = right.Group, PublicKey = right.PublicKey, Parameters = right.Parameters, Scheme = right.Scheme,
                Signature = peer.Credential.Sign(peer.Scheme, [.. randoms(peer), .. right.Parameters.Span]),
            });
            peer.Refused(TlsFault.BadSignature, AlertDescription.DecryptError);
        }

        using var otherKey = new HostileServer(TestServers.Client(_time)) { Edit = Edits.Body(HandshakeType.ServerKeyExchange, body => Flip(body, 8 * 20)) };
        otherKey.SendHello();
        otherKey.SendCertificate();
        otherKey.SendKeyExchange();
        otherKey.Refused(TlsFault.BadSignature, AlertDescription.DecryptError);
    }

    [Fact]
    public void A_signature_by_another_key_than_the_certificates_is_bad()
    {
        using var stranger = TestPki.Issue(new TestProfile()).NewCredential();
        using var peer = new HostileServer(TestServers.Client(_time));
        peer.SendHello();
        peer.SendCertificate();
        peer.Credential = stranger;
        peer.SendKeyExchange();

        peer.Refused(TlsFault.BadSignature, AlertDescription.DecryptError);
    }

    [Fact]
    public void A_CertificateVerify_with_a_flipped_bit_or_by_another_key_is_bad()
    {
        for (var i = 0; i < 70; i++)
        {
            using var peer = Conversations.WithServer(Edits.Body(HandshakeType.CertificateVerify, body => Flip(body, (Math.Min(4 + i, body.Length - 1) * 8) + (i % 8))));
            peer.Refused(TlsFault.BadSignature, AlertDescription.DecryptError);
        }

        using var stranger = TestPki.Issue(new TestProfile { ExtendedKeyUsages = [TestProfile.ClientAuth] }).NewCredential();
        using var other = AskedForCertificate();
        other.Credential = TestPki.Client.Credential;
        other.SendCertificate();
        other.SendKeyExchange();
        other.Credential = stranger;
        other.SendCertificateVerify();
        other.Refused(TlsFault.BadSignature, AlertDescription.DecryptError);
    }

    [Theory]
    [InlineData(SignatureScheme.RsaPssRsaeSha256)]
    [InlineData((SignatureScheme)0x0203)]
    [InlineData((SignatureScheme)0x0807)]
    public void A_CertificateVerify_by_a_scheme_that_was_not_offered_or_does_not_fit_is_illegal(SignatureScheme scheme)
    {
        using var peer = AskedForCertificate();
        peer.Credential = TestPki.Client.Credential;
        peer.SendCertificate();
        peer.SendKeyExchange();
        var right = peer.CertificateVerify();
        peer.Send(new CertificateVerify { Scheme = (ushort)scheme, Signature = right.Signature });

        peer.Refused(TlsFault.IllegalParameter, AlertDescription.IllegalParameter);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Every_byte_of_a_protected_record_counts(bool victimIsServer)
    {
        byte[] data = [.. Enumerable.Range(0, 40).Select(i => (byte)i)];
        for (var i = 0; i < 5 + 24 + data.Length; i++)
        {
            using var peer = HostilePeer.Of(victimIsServer, _time);
            peer.Connect();
            peer.Connected();
            var record = peer.Records.Seal(ContentType.ApplicationData, data);
            record[i] ^= (byte)(1 << (i % 8));
            peer.SendBytes(record);
            if (peer.Victim.Fault is null)
            {
                // A length that says more than there is.
                Assert.InRange(i, 3, 4);
                peer.HangUp();
                peer.Silent(TlsFault.Truncated);
                continue;
            }

            Assert.NotNull(peer.Victim.Fault);
            Assert.Equal(3, peer.Victim.Delivered.Count);
            if (i >= 5)
            {
                peer.Refused(TlsFault.BadRecordMac, AlertDescription.BadRecordMac);
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Records_cannot_be_repeated_left_out_exchanged_or_reflected(bool victimIsServer)
    {
        Func<HostilePeer, byte[]>[] tricks =
        [
            peer =>
            {
                var record = peer.Records.Seal(ContentType.ApplicationData, [1]);
                return [.. record, .. record];
            },
            peer =>
            {
                peer.Records.Seal(ContentType.ApplicationData, [1]);
                return peer.Records.Seal(ContentType.ApplicationData, [2]);
            },
            peer =>
            {
                var first = peer.Records.Seal(ContentType.ApplicationData, [1]);
                return [.. peer.Records.Seal(ContentType.ApplicationData, [2]), .. first];
            },
            peer => peer.Victim.Write([1]),
        ];
        foreach (var trick in tricks)
        {
            using var peer = HostilePeer.Of(victimIsServer, _time);
            peer.Connect();
            var bytes = trick(peer);
            peer.Victim.Receive(bytes);

            Assert.Equal(TlsFault.BadRecordMac, peer.Victim.Fault!.Fault);
            Assert.Equal(AlertDescription.BadRecordMac, peer.Victim.Fault.Alert);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_Finished_in_clear_or_under_other_keys_is_no_authentic_record(bool victimIsServer)
    {
        using var inClear = HostilePeer.Of(victimIsServer, _time);
        inClear.SendAllBeforeChange();
        inClear.SendContent(ContentType.ChangeCipherSpec, [1]);
        inClear.SendFinished();
        inClear.Refused(TlsFault.BadRecordMac, AlertDescription.BadRecordMac);

        using var other = HostilePeer.Of(victimIsServer, _time);
        other.SendAllBeforeChange();
        other.SendContent(ContentType.ChangeCipherSpec, [1]);
        other.Records.ChangeWriteKeys(new Tls12AeadProtection(other.Suite!, new byte[other.Suite!.KeyLength], new byte[other.Suite.FixedIvLength]));
        other.SendFinished();
        other.Refused(TlsFault.BadRecordMac, AlertDescription.BadRecordMac);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(23)]
    public void A_protected_record_shorter_than_its_tag_is_no_authentic_record(int length)
    {
        using var peer = HostilePeer.Of(victimIsServer: true, _time);
        peer.Connect();
        peer.SendBytes(PeerRecords.Clear(23, 0x0303, length, new byte[length]));

        peer.Refused(TlsFault.BadRecordMac, AlertDescription.BadRecordMac);
    }

    private static byte[] Flip(byte[] body, int bit)
    {
        body[bit / 8] ^= (byte)(1 << (bit % 8));
        return body;
    }

    private HostileClient AskedForCertificate()
    {
        var peer = new HostileClient(TestServers.Server(_time, options => options.ClientCertificate = ClientCertificateRequirement.Required));
        peer.SendHello();
        return peer;
    }
}
