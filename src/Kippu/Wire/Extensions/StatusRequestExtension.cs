using Kippu.Wire.Messages;

namespace Kippu.Wire.Extensions;

/// <summary>
/// status_request (RFC 6066 §8): the client asks for an OCSP response; the server, in TLS 1.2, answers with empty data that one will come. In TLS 1.3
/// (RFC 8446 §4.4.2.1) a CertificateRequest asks with empty data, and the response stands beside the certificate, as a CertificateStatus.
/// <code>
/// enum { ocsp(1), (255) } CertificateStatusType;
/// opaque ResponderID&lt;1..2^16-1&gt;;
/// opaque Extensions&lt;0..2^16-1&gt;;
/// struct {
///     ResponderID responder_id_list&lt;0..2^16-1&gt;;
///     Extensions  request_extensions;
/// } OCSPStatusRequest;
/// struct {
///     CertificateStatusType status_type;
///     select (status_type) { case ocsp: OCSPStatusRequest; } request;
/// } CertificateStatusRequest;
/// </code>
/// </summary>
internal static class StatusRequestExtension
{
    public const byte Ocsp = 1;

    /// <summary>True if an OCSP response is asked for; a type of status that nobody has defined is as good as no request.</summary>
    public static bool Read(ReadOnlyMemory<byte> data)
    {
        var reader = new TlsReader(data.Span);
        if (reader.ReadUInt8("status_type") != Ocsp)
        {
            return false;
        }

        var responders = new TlsReader(reader.ReadVector16("responder_id_list"));
        while (!responders.IsEmpty)
        {
            responders.ReadVector16("ResponderID", min: 1);
        }

        reader.ReadVector16("request_extensions");
        reader.ExpectEnd("status_request");
        return true;
    }

    /// <summary>A request that names no responders and has no extensions of its own.</summary>
    public static void Write(TlsWriter writer)
    {
        using (ExtensionFraming.Open(writer, ExtensionType.StatusRequest))
        {
            writer.WriteUInt8(Ocsp);
            writer.WriteUInt16(0);
            writer.WriteUInt16(0);
        }
    }

    /// <summary>
    /// The empty form: of TLS 1.2's ServerHello, where it says that a response will come, and of TLS 1.3's CertificateRequest, which asks for one.
    /// </summary>
    public static bool ReadAnswer(ReadOnlyMemory<byte> data) => ExtensionFraming.ReadEmpty(data, "status_request");

    public static void WriteAnswer(TlsWriter writer) => ExtensionFraming.WriteEmpty(writer, ExtensionType.StatusRequest);

    /// <summary>The OCSP response beside a certificate.</summary>
    public static ReadOnlyMemory<byte> ReadResponse(ReadOnlyMemory<byte> data) => CertificateStatus.Parse(data).OcspResponse;

    public static void WriteResponse(TlsWriter writer, ReadOnlyMemory<byte> ocspResponse)
    {
        using (ExtensionFraming.Open(writer, ExtensionType.StatusRequest))
        {
            new CertificateStatus { OcspResponse = ocspResponse }.Write(writer);
        }
    }
}
