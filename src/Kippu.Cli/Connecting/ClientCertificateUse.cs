using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kippu.Cli.Ladders;
using Kippu.Cli.Wire;

namespace Kippu.Cli.Connecting;

/// <summary>Whether a server asked for a client certificate, of whom, and whether it was given one: from the trace, for no engine keeps it.</summary>
internal sealed record ClientCertificateUse
{
    /// <summary>RFC 8446 §4.2.4.</summary>
    private const uint CertificateAuthorities = 0x002F;

    private ClientCertificateUse()
    {
    }

    /// <summary>There was a CertificateRequest.</summary>
    public bool IsAsked { get; private init; }

    /// <summary>There was a certificate in the answer.</summary>
    public bool IsSent { get; private init; }

    /// <summary>The issuers that the server takes; empty: whichever.</summary>
    public IReadOnlyList<string> Authorities { get; private init; } = [];

    public static ClientCertificateUse Of(HandshakeTrace trace)
    {
        var request = Find(trace, HandshakeType.CertificateRequest, fromClient: false);
        var answer = Find(trace, HandshakeType.Certificate, fromClient: true);
        return new ClientCertificateUse
        {
            IsAsked = request is not null,
            IsSent = answer is not null && HasCertificate(answer.Bytes, trace.IsTls13),
            Authorities = request is null ? [] : [.. AuthoritiesIn(request.Bytes, trace.IsTls13)],
        };
    }

    /// <summary>Why the certificate of a file was not sent; null if it was.</summary>
    public string? WhyNotSent(string file) => this switch
    {
        { IsSent: true } => null,
        { IsAsked: false } => $"--cert {file} was not sent: the server did not ask for a certificate",
        { Authorities: [] } => $"--cert {file} was not sent: the server takes none with a signature that its key can make",
        _ => $"--cert {file} was not sent: the server takes certificates of {string.Join("; ", Authorities)} only",
    };

    private static TraceMessage? Find(HandshakeTrace trace, HandshakeType type, bool fromClient) =>
        trace.Messages.LastOrDefault(message => message.Kind == TraceKind.Handshake && message.Type == type && message.FromClient == fromClient);

    private static bool HasCertificate(ReadOnlyMemory<byte> message, bool isTls13)
    {
        var cursor = BodyOf(message);
        if (isTls13)
        {
            cursor.TakeVector(1); // certificate_request_context
        }

        return !cursor.TakeVector(3).IsEmpty;
    }

    private static IEnumerable<string> AuthoritiesIn(ReadOnlyMemory<byte> message, bool isTls13)
    {
        var cursor = BodyOf(message);
        var names = isTls13 ? Authorities13(cursor) : Authorities12(cursor);
        while (names.IsSound && !names.IsEmpty)
        {
            if (names.TakeVector(2) is { IsEmpty: false } name)
            {
                yield return Text(name);
            }
        }
    }

    /// <summary>RFC 8446 §4.3.2.</summary>
    private static ByteCursor Authorities13(ByteCursor cursor)
    {
        cursor.TakeVector(1); // certificate_request_context
        var data = ExtensionBlock.Read(ref cursor)?[CertificateAuthorities];
        return new ByteCursor(new ByteCursor(data ?? default).TakeVector(2));
    }

    /// <summary>RFC 5246 §7.4.4.</summary>
    private static ByteCursor Authorities12(ByteCursor cursor)
    {
        cursor.TakeVector(1); // certificate_types
        cursor.TakeVector(2); // supported_signature_algorithms
        return new ByteCursor(cursor.TakeVector(2));
    }

    private static ByteCursor BodyOf(ReadOnlyMemory<byte> message)
    {
        var cursor = new ByteCursor(message);
        cursor.Take(4); // msg_type, length
        return cursor;
    }

    private static string Text(ReadOnlyMemory<byte> name)
    {
        try
        {
            return Answer.Printable(new X500DistinguishedName(name.Span).Name);
        }
        catch (CryptographicException)
        {
            return "a name that cannot be read";
        }
    }
}
