using System.Net.Security;
using Microsoft.AspNetCore.Connections;

namespace Kippu.AspNetCore.Certificates;

/// <summary>Gives Kestrel's SslStream, which serves what Kippu does not, the certificates of the files that are in force.</summary>
internal sealed class CertificateFallback(CertificateWatch watch)
{
    public void Apply(ConnectionContext connection, SslServerAuthenticationOptions options)
    {
        var set = watch.Current;
        if (set.Contexts.Count == 1)
        {
            options.ServerCertificateContext = set.Contexts[0];
            return;
        }

        options.ServerCertificateContext = null;
        options.ServerCertificateSelectionCallback = (_, name) => set.ContextFor(name).TargetCertificate;
    }
}
