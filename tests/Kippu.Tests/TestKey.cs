namespace Kippu.Tests;

/// <summary>The kinds of key that the test PKI makes certificates for.</summary>
internal enum TestKey
{
    EcdsaP256,
    EcdsaP384,
    EcdsaP521,
    Rsa2048,
}
