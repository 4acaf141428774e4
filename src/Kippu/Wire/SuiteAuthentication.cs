namespace Kippu.Wire;

/// <summary>How the server proves its identity in a suite of TLS 1.2; TLS 1.3 decides that elsewhere.</summary>
internal enum SuiteAuthentication
{
    Ecdsa,
    Rsa,
    Any,
}
