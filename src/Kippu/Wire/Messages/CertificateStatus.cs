using Kippu.Alerts;
using Kippu.Wire.Extensions;

namespace Kippu.Wire.Messages;

/// <summary>
/// CertificateStatus (RFC 6066 §8), right after the server's Certificate.
/// <code>
/// opaque OCSPResponse&lt;1..2^24-1&gt;;
/// struct {
///     CertificateStatusType status_type;
///     select (status_type) { case ocsp: OCSPResponse; } response;
/// } CertificateStatus;
/// </code>
/// </summary>
internal sealed class CertificateStatus : IHandshakeBody<CertificateStatus>
{
    public static HandshakeType Type => HandshakeType.CertificateStatus;

    /// <summary>The OCSP response in DER, of which nothing has been looked at.</summary>
    public required ReadOnlyMemory<byte> OcspResponse { get; init; }

    public static CertificateStatus Parse(ReadOnlyMemory<byte> body)
    {
        var reader = new MemoryReader(body);
        var type = reader.ReadUInt8("status_type");
        if (type != StatusRequestExtension.Ocsp)
        {
            throw new TlsFaultException(TlsFault.IllegalParameter, $"status_type: {type} was not asked for");
        }

        var status = new CertificateStatus { OcspResponse = reader.ReadVector24("OCSPResponse", min: 1) };
        reader.ExpectEnd("CertificateStatus");
        return status;
    }

    public void Write(TlsWriter writer)
    {
        writer.WriteUInt8(StatusRequestExtension.Ocsp);
        writer.WriteVector24(OcspResponse.Span);
    }
}
