using Kippu.Alerts;

namespace Kippu.Wire.Extensions;

/// <summary>
/// signed_certificate_timestamp (RFC 6962 §3.3.1; RFC 8446 §4.4.2.1): an empty request in ClientHello or CertificateRequest, and the timestamps beside a
/// certificate.
/// <code>
/// opaque SerializedSCT&lt;1..2^16-1&gt;;
/// struct { SerializedSCT sct_list&lt;1..2^16-1&gt;; } SignedCertificateTimestampList;
/// </code>
/// </summary>
internal static class SignedCertificateTimestampExtension
{
    public static bool ReadRequest(ReadOnlyMemory<byte> data) => ExtensionFraming.ReadEmpty(data, "signed_certificate_timestamp");

    public static void WriteRequest(TlsWriter writer) => ExtensionFraming.WriteEmpty(writer, ExtensionType.SignedCertificateTimestamp);

    /// <summary>The SignedCertificateTimestampList as a verifier of certificates takes it, in one piece; that it is a list has been checked.</summary>
    public static ReadOnlyMemory<byte> Read(ReadOnlyMemory<byte> data)
    {
        var reader = new TlsReader(data.Span);
        var list = new TlsReader(reader.ReadVector16("sct_list", min: 1));
        reader.ExpectEnd("signed_certificate_timestamp");
        while (!list.IsEmpty)
        {
            list.ReadVector16("SerializedSCT", min: 1);
        }

        return data;
    }

    /// <summary>Whether these bytes are a SignedCertificateTimestampList.</summary>
    public static bool IsList(ReadOnlyMemory<byte> data)
    {
        try
        {
            Read(data);
            return true;
        }
        catch (TlsFaultException)
        {
            return false;
        }
    }

    /// <param name="writer">Where to.</param>
    /// <param name="timestamps">A whole SignedCertificateTimestampList.</param>
    public static void Write(TlsWriter writer, ReadOnlyMemory<byte> timestamps)
    {
        using (ExtensionFraming.Open(writer, ExtensionType.SignedCertificateTimestamp))
        {
            writer.WriteBytes(timestamps.Span);
        }
    }
}
