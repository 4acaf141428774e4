using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Kippu.Crypto;
using Kippu.Diagnostics;
using Kippu.KeySchedule;
using Kippu.Records;
using Kippu.Tests.Wire;
using Kippu.Wire;
using Kippu.Wire.Messages;
using Xunit;

namespace Kippu.Tests.KeySchedule;

/// <summary>
/// Goes through a trace with what one side computed: its own steps are compared value by value and its records sealed; of the peer's steps the records are
/// opened and the messages parsed.
/// </summary>
internal sealed class Rfc8448Walk(Rfc8448Party party, bool client) : IDisposable
{
    private const string HandshakeRecord = "send handshake record";

    private static readonly byte[] s_emptyHash = SHA256.HashData([]);

    private readonly WriteHalf _writer = new();
    private readonly ReadHalf _reader = new();
    private int _finished;

    public void Own(Rfc8448Step step)
    {
        switch (step.Title.Split('"'))
        {
            case ["create an ephemeral x25519 key pair"] or ["create an ephemeral P-256 key pair"]: CheckKeyPair(step); break;
            case ["extract secret ", var name, ""]: CheckExtract(step, name); break;
            case ["derive secret for handshake ", _, ""]: CheckStepDown(step, "early"); break;
            case ["derive secret for master ", _, ""]: CheckStepDown(step, "handshake"); break;
            case ["derive secret ", var label, ""]: CheckDerived(step, label["tls13 ".Length..]); break;
            case ["calculate finished ", _, ""]: CheckFinished(step); break;
            case ["calculate PSK binder"]: CheckBinder(step); break;
            case ["generate resumption secret ", _, ""]: CheckPsk(step); break;
            case [var title] when title.StartsWith("construct ", StringComparison.Ordinal): CheckMessage(step); break;
            case [var title] when title.StartsWith("derive write traffic keys for ", StringComparison.Ordinal): _writer.Rekey(CheckKeys(step, client)); break;
            case [var title] when title.StartsWith("derive read traffic keys for ", StringComparison.Ordinal): CheckKeys(step, !client).Dispose(); break;
            case ["send handshake record"] or ["send application_data record"] or ["send alert record"] or ["send change_cipher_spec record"]: Seal(step); break;
            default: Assert.Fail($"a step that this test does not know: {step}"); break;
        }
    }

    public void Peers(Rfc8448Step step)
    {
        if (step.Title.StartsWith("derive write traffic keys for ", StringComparison.Ordinal))
        {
            _reader.Rekey(CheckKeys(step, !client));
        }
        else if (step.Title.StartsWith("construct ", StringComparison.Ordinal))
        {
            CheckMessage(step);
        }
        else if (step.Title.StartsWith("send ", StringComparison.Ordinal))
        {
            Open(step);
        }
    }

    public void Dispose()
    {
        _writer.Dispose();
        _reader.Dispose();
    }

    private static void CheckKeyPair(Rfc8448Step step)
    {
        var group = step.Title.Contains("x25519", StringComparison.Ordinal) ? NamedGroup.X25519 : NamedGroup.Secp256r1;
        using var share = Rfc8448KeyPair.Import(group, step.Bytes("private key"), step.Bytes("public key"));

        Assert.Equal(step.Bytes("public key"), share.PublicKey);
    }

    private void CheckExtract(Rfc8448Step step, string name)
    {
        Same(step, "secret", party.Secrets[name]);
        if (name == "handshake")
        {
            Same(step, "IKM", party.SharedSecret);
        }
    }

    /// <summary>The salt of the next stage, which has no name and leaves its stage only as that: computed from the stage's secret.</summary>
    private void CheckStepDown(Rfc8448Step step, string stage)
    {
        var salt = new byte[32];
        Hkdf.ExpandLabel(HashAlgorithmName.SHA256, party.Secrets[stage], "derived"u8, s_emptyHash, salt);

        Same(step, "PRK", party.Secrets[stage]);
        Same(step, "hash", s_emptyHash);
        Same(step, "expanded", salt);
    }

    private void CheckDerived(Rfc8448Step step, string label)
    {
        Same(step, "hash", party.Hashes[label]);
        Same(step, "info", HkdfLabel(32, label, party.Hashes[label]));
        Same(step, "expanded", party.Secrets[label]);
    }

    private void CheckFinished(Rfc8448Step step)
    {
        // Each side computes the server's first, then the client's.
        var baseKey = party.Secrets[_finished == 0 ? "s hs traffic" : "c hs traffic"];
        var finishedKey = new byte[32];
        Hkdf.ExpandLabel(HashAlgorithmName.SHA256, baseKey, "finished"u8, default, finishedKey);

        Same(step, "PRK", baseKey);
        Same(step, "info", HkdfLabel(32, "finished", []));
        Same(step, "expanded", finishedKey);
        Same(step, "finished", party.VerifyData[_finished++]);
    }

    private void CheckBinder(Rfc8448Step step)
    {
        Same(step, "binder hash", party.BinderHash!);
        Same(step, "finished", party.Binder!);
    }

    private void CheckPsk(Rfc8448Step step)
    {
        Same(step, "PRK", party.Secrets["res master"]);
        Same(step, "hash", party.TicketNonce!);
        Same(step, "expanded", party.Psk!);
    }

    private Tls13AeadProtection CheckKeys(Rfc8448Step step, bool byClient)
    {
        var secret = party.Traffic[(byClient, step.Title.Split(" keys for ")[1])];
        var key = new byte[16];
        var iv = new byte[12];
        secret.ExpandKeys(key, iv);

        Same(step, "PRK", secret.Secret);
        Same(step, "key info", HkdfLabel(16, "key", []));
        Same(step, "key expanded", key);
        Same(step, "iv info", HkdfLabel(12, "iv", []));
        Same(step, "iv expanded", iv);
        return Tls13AeadProtection.From(secret);
    }

    /// <summary>The message is parsed and means something; where it holds nothing that is unknown here, and in our order, it is written again.</summary>
    private static void CheckMessage(Rfc8448Step step)
    {
        var raw = step.Bytes(Assert.Single(step.Fields.Keys));
        if (step.Title.Contains("ClientHello", StringComparison.Ordinal) && raw.Length < 4 + ((raw[2] << 8) | raw[3]))
        {
            return; // The hello of section 4, which is printed up to its binders here and whole in its record.
        }

        var message = WholeMessage.Parse(raw);
        var fields = MessageFields.Describe(message.Type, message.Body, TlsVersion.Tls13);
        Assert.DoesNotContain(fields, field => field.Value.StartsWith("malformed", StringComparison.Ordinal));
        Assert.All(fields, field => Assert.DoesNotContain("unknown", field.Name, StringComparison.Ordinal));
    }

    private void Seal(Rfc8448Step step)
    {
        var expected = step.Bytes("complete record");
        var payload = step.Bytes("payload");
        var type = TypeOf(step);
        var record = new byte[expected.Length];
        var isProtected = expected[0] == (byte)ContentType.ApplicationData;
        Assert.Equal(isProtected, _writer.IsProtected);
        if (isProtected)
        {
            Assert.Equal(record.Length, _writer.Seal(type, payload, record));
        }
        else
        {
            using var clear = new ClearProtection(BinaryPrimitives.ReadUInt16BigEndian(expected.AsSpan(1)));
            Assert.Equal(record.Length, clear.Seal(0, type, payload, record));
        }

        Assert.Equal(expected, record);
    }

    private void Open(Rfc8448Step step)
    {
        var record = step.Bytes("complete record");
        Assert.True(RecordHeader.TryParse(record, out var header));
        var plaintext = new byte[_reader.PlaintextLength(header.Length)];

        var length = _reader.Open(header, record.AsSpan(RecordLimits.HeaderLength), plaintext, out var type);

        Assert.Equal(step.Bytes("payload"), plaintext[..length]);
        Assert.Equal(TypeOf(step), type);
        if (step.Title == HandshakeRecord)
        {
            Assemble(plaintext.AsSpan(0, length));
        }
    }

    private static void Assemble(ReadOnlySpan<byte> fragment)
    {
        using var assembler = new HandshakeAssembler();
        assembler.Append(fragment);
        while (assembler.TryNext(out var message))
        {
            var fields = MessageFields.Describe(message.Type, message.Body, TlsVersion.Tls13);
            Assert.DoesNotContain(fields, field => field.Value.StartsWith("malformed", StringComparison.Ordinal));
        }

        Assert.False(assembler.HasPartial);
    }

    private static ContentType TypeOf(Rfc8448Step step) => step.Title.Split(' ')[1] switch
    {
        "handshake" => ContentType.Handshake,
        "application_data" => ContentType.ApplicationData,
        "alert" => ContentType.Alert,
        _ => ContentType.ChangeCipherSpec,
    };

    /// <summary>struct { uint16 length; opaque label&lt;7..255&gt; = "tls13 " + Label; opaque context&lt;0..255&gt;; } HkdfLabel;</summary>
    private static byte[] HkdfLabel(byte length, string label, byte[] context) =>
        [0, length, (byte)(6 + label.Length), .. Encoding.ASCII.GetBytes("tls13 " + label), (byte)context.Length, .. context];

    private static void Same(Rfc8448Step step, string field, ReadOnlySpan<byte> value) =>
        Assert.True(step.Fields[field] == Convert.ToHexStringLower(value), $"{step}: {field} is {Convert.ToHexStringLower(value)} instead of {step.Fields[field]}");
}
