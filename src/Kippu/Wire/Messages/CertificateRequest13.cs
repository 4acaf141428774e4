using Kippu.Alerts;
using Kippu.Wire.Extensions;

namespace Kippu.Wire.Messages;

/// <summary>
/// CertificateRequest of TLS 1.3 (RFC 8446 §4.3.2): what TLS 1.2 had in fields is in extensions.
/// <code>
/// struct {
///     opaque certificate_request_context&lt;0..2^8-1&gt;;
///     Extension extensions&lt;2..2^16-1&gt;;
/// } CertificateRequest;
/// </code>
/// </summary>
internal sealed class CertificateRequest13 : IHandshakeBody<CertificateRequest13>
{
    private ReadOnlyMemory<byte>? _extensions;

    public static HandshakeType Type => HandshakeType.CertificateRequest;

    /// <summary>Comes back in the client's Certificate. Empty in the main handshake.</summary>
    public ReadOnlyMemory<byte> Context { get; init; }

    /// <summary>What the client's CertificateVerify may use; never empty.</summary>
    public UInt16List SignatureAlgorithms { get; set; }

    public UInt16List? SignatureAlgorithmsCert { get; set; }

    /// <summary>Distinguished names in DER, of which nothing has been looked at; null means any authority.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>>? CertificateAuthorities { get; set; }

    /// <summary>Whether an OCSP response is wanted beside the certificate.</summary>
    public bool StatusRequest { get; set; }

    public bool SignedCertificateTimestamps { get; set; }

    /// <summary>The content of the vector of extensions as it arrived, or as <see cref="Write"/> writes it.</summary>
    public ReadOnlyMemory<byte> ExtensionBlock => _extensions ?? WrittenExtensions();

    /// <summary>All extensions in order of arrival: what the client's certificate may answer to. Each call makes a new list.</summary>
    public UInt16List ExtensionTypes => ExtensionReader.TypesIn(ExtensionBlock);

    public static CertificateRequest13 Parse(ReadOnlyMemory<byte> body)
    {
        var reader = new MemoryReader(body);
        var message = new CertificateRequest13 { Context = reader.ReadVector8("certificate_request_context") };
        var block = reader.ReadVector16("extensions", min: 2);
        reader.ExpectEnd("CertificateRequest");
        message.ReadExtensions(block);

        // RFC 8446 §4.3.2: "The "signature_algorithms" extension MUST be specified". §6.2: a mandatory extension that is not there is missing_extension.
        return message.SignatureAlgorithms.IsEmpty
            ? throw new TlsFaultException(TlsFault.MissingExtension, "CertificateRequest: signature_algorithms is not in it")
            : message;
    }

    public void Write(TlsWriter writer)
    {
        writer.WriteVector8(Context.Span);
        using (writer.Vector16())
        {
            WriteExtensions(writer);
        }
    }

    private void ReadExtensions(ReadOnlyMemory<byte> block)
    {
        _extensions = block;
        var reader = new ExtensionReader(block, stackalloc ushort[ExtensionTypeSet.ScratchLength]);
        while (reader.TryNext(out var type, out var data))
        {
            ExtensionPlacement.Insist(type, ExtensionPlaces.CertificateRequest);
            switch (type)
            {
                case ExtensionType.SignatureAlgorithms: SignatureAlgorithms = SignatureAlgorithmsExtension.Read(data); break;
                case ExtensionType.SignatureAlgorithmsCert: SignatureAlgorithmsCert = SignatureAlgorithmsExtension.Read(data); break;
                case ExtensionType.CertificateAuthorities: CertificateAuthorities = CertificateAuthoritiesExtension.Read(data); break;
                case ExtensionType.StatusRequest: StatusRequest = StatusRequestExtension.ReadAnswer(data); break;
                case ExtensionType.SignedCertificateTimestamp: SignedCertificateTimestamps = SignedCertificateTimestampExtension.ReadRequest(data); break;
                default: break; // "Clients MUST ignore unrecognized extensions."
            }
        }
    }

    private void WriteExtensions(TlsWriter writer)
    {
        SignatureAlgorithmsExtension.Write(writer, ExtensionType.SignatureAlgorithms, SignatureAlgorithms);
        if (SignatureAlgorithmsCert is { } inCertificates) { SignatureAlgorithmsExtension.Write(writer, ExtensionType.SignatureAlgorithmsCert, inCertificates); }
        if (CertificateAuthorities is { } authorities) { CertificateAuthoritiesExtension.Write(writer, authorities); }
        if (StatusRequest) { StatusRequestExtension.WriteAnswer(writer); }
        if (SignedCertificateTimestamps) { SignedCertificateTimestampExtension.WriteRequest(writer); }
    }

    private byte[] WrittenExtensions()
    {
        using var buffer = new WireBuffer();
        WriteExtensions(new TlsWriter(buffer));
        return buffer.Written.ToArray();
    }
}
