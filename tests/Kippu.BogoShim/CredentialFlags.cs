using System.Globalization;
using System.Security.Cryptography;

namespace Kippu.BogoShim;

/// <summary>The flags of one credential.</summary>
internal sealed class CredentialFlags
{
    private readonly List<SignatureScheme> _signingPreferences = [];
    private bool _matchesIssuer;
    private string? _certificateFile;
    private string? _keyFile;
    private byte[]? _ocspResponse;
    private byte[]? _timestamps;
    private TlsCredential? _credential;

    /// <summary>Takes a flag that belongs to a credential.</summary>
    public bool Take(string name, string value)
    {
        switch (name)
        {
            case "must-match-issuer": _matchesIssuer = true; return true;
            case "cert-file": _certificateFile = value; return true;
            case "key-file": _keyFile = value; return true;
            case "ocsp-response": _ocspResponse = Convert.FromBase64String(value); return true;
            case "signed-cert-timestamps": _timestamps = Convert.FromBase64String(value); return true;
            case "signing-prefs": _signingPreferences.Add(ShimArguments.Scheme(ushort.Parse(value, CultureInfo.InvariantCulture))); return true;
            default: return false;
        }
    }

    /// <summary>The credential; null if the flags name none.</summary>
    public TlsCredential? Load() => Load(isServer: false);

    /// <summary>A client matches issuers in any case, where the server names some.</summary>
    public TlsCredential? Load(bool isServer)
    {
        if (isServer && _matchesIssuer)
        {
            throw new UnimplementedException("a server that chooses by certificate_authorities");
        }

        if (_certificateFile is null || _keyFile is null)
        {
            return null;
        }

        if (_credential is not null)
        {
            return _credential;
        }

        try
        {
            var credential = _credential = TlsCredential.FromPemFile(_certificateFile, _keyFile);
            credential.OcspResponse = _ocspResponse;
            credential.SignedCertificateTimestamps = _timestamps;
            // Without preferences of its own it signs with whatever fits its key, and not with what -verify-prefs names.
            credential.SignatureSchemes = _signingPreferences.Count > 0 ? _signingPreferences : Enum.GetValues<SignatureScheme>();
            return credential;
        }
        catch (ArgumentException reason)
        {
            throw new ShimFailure($":ArgumentException: {reason.Message}"); // timestamps that are no list
        }
        catch (CryptographicException reason)
        {
            throw new UnimplementedException(reason.Message); // Ed25519, RSA below 2048 bits
        }
    }
}
