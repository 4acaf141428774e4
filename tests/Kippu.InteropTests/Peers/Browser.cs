using System.Security.Cryptography;
using Kippu.InteropTests.Machinery;

namespace Kippu.InteropTests.Peers;

/// <summary>Chromium without a window.</summary>
internal static class Browser
{
    /// <summary>Loads a page, lets its scripts run, and returns the lines of the document that came of it.</summary>
    /// <param name="address">Served with the tests' ECDSA certificate.</param>
    /// <param name="folder">For its profile.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static Task<IReadOnlyList<string>> LoadAsync(string address, TempFolder folder, CancellationToken cancellationToken)
    {
        var key = Convert.ToBase64String(SHA256.HashData(PeerPki.Ecdsa.Identity.Certificate.PublicKey.ExportSubjectPublicKeyInfo()));

        // Without these flags it asks its maker's servers for things.
        return PeerProcess.RunAsync(
            "chromium",
            [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
                $"--user-data-dir={folder["profile"]}", $"--ignore-certificate-errors-spki-list={key}", "--virtual-time-budget=20000", "--dump-dom", address,
            ],
            cancellationToken,
            folder.Path);
    }
}
