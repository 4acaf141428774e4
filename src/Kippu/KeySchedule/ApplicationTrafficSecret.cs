using Kippu.Crypto;
using Kippu.Wire;

namespace Kippu.KeySchedule;

/// <summary>client_application_traffic_secret_N or server_application_traffic_secret_N (RFC 8446 §7.1).</summary>
internal sealed class ApplicationTrafficSecret : TrafficSecret
{
    internal ApplicationTrafficSecret(CipherSuite suite, SecretBytes secret)
        : base(suite, secret)
    {
    }

    public override void ExpandKeys(Span<byte> key, Span<byte> iv)
    {
        base.ExpandKeys(key, iv);
        ReleaseHmac();
    }

    /// <summary>
    /// RFC 8446 §7.2: application_traffic_secret_N+1 = HKDF-Expand-Label(application_traffic_secret_N, "traffic upd", "", Hash.length). This one is disposed:
    /// "implementations SHOULD delete client_/server_application_traffic_secret_N and its associated traffic keys".
    /// </summary>
    public ApplicationTrafficSecret ToNext()
    {
        var next = new ApplicationTrafficSecret(Suite, DeriveSecret("traffic upd"u8, default));
        Dispose();
        return next;
    }
}
