using Kippu.Wire.Extensions;

namespace Kippu.Wire.Messages;

/// <summary>
/// A certificate with what belongs to it (RFC 8446 §4.4.2).
/// <code>
/// struct {
///     opaque cert_data&lt;1..2^24-1&gt;;
///     Extension extensions&lt;0..2^16-1&gt;;
/// } CertificateEntry;
/// </code>
/// </summary>
internal sealed class CertificateEntry
{
    private ReadOnlyMemory<byte>? _extensions;

    /// <summary>The certificate in DER, of which nothing has been looked at.</summary>
    public required ReadOnlyMemory<byte> Certificate { get; init; }

    /// <summary>The OCSP response of status_request in DER, of which nothing has been looked at.</summary>
    public ReadOnlyMemory<byte>? OcspResponse { get; set; }

    /// <summary>A SignedCertificateTimestampList, whole.</summary>
    public ReadOnlyMemory<byte>? SignedCertificateTimestamps { get; set; }

    /// <summary>The content of the vector of extensions as it arrived, or as <see cref="Write"/> writes it.</summary>
    public ReadOnlyMemory<byte> ExtensionBlock => _extensions ?? WrittenExtensions();

    public static CertificateEntry Read(ref MemoryReader reader)
    {
        var entry = new CertificateEntry { Certificate = reader.ReadVector24("cert_data", min: 1) };
        entry.ReadExtensions(reader.ReadVector16("extensions"));
        return entry;
    }

    public void Write(TlsWriter writer)
    {
        writer.WriteVector24(Certificate.Span);
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
            ExtensionPlacement.Insist(type, ExtensionPlaces.Certificate);
            switch (type)
            {
                case ExtensionType.StatusRequest: OcspResponse = StatusRequestExtension.ReadResponse(data); break;
                case ExtensionType.SignedCertificateTimestamp: SignedCertificateTimestamps = SignedCertificateTimestampExtension.Read(data); break;
                default: break; // Not asked for by this library, so the handshake will refuse it by its type.
            }
        }
    }

    private void WriteExtensions(TlsWriter writer)
    {
        if (OcspResponse is { } response) { StatusRequestExtension.WriteResponse(writer, response); }
        if (SignedCertificateTimestamps is { } timestamps) { SignedCertificateTimestampExtension.Write(writer, timestamps); }
    }

    private byte[] WrittenExtensions()
    {
        using var buffer = new WireBuffer();
        WriteExtensions(new TlsWriter(buffer));
        return buffer.Written.ToArray();
    }
}
