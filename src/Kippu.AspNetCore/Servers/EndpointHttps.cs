using Kippu.AspNetCore.Certificates;
using Kippu.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Kippu.AspNetCore.Servers;

/// <summary>Kestrel's options for HTTPS on an endpoint, before Kestrel builds its own middleware from them.</summary>
internal static class EndpointHttps
{
    public static void Prepare(HttpsConnectionAdapterOptions https, KippuProfile profile)
    {
        profile.Options.Https?.Invoke(https);
        if (profile.Certificates is not { } watch)
        {
            return;
        }

        // SslStream, which serves what Kippu does not, is to show the same certificates, and those that are in force.
        HttpsOptions.Check(https);
        https.ServerCertificate = watch.Current.Contexts[0].TargetCertificate;
        https.OnAuthenticate = new CertificateFallback(watch).Apply;
    }
}
