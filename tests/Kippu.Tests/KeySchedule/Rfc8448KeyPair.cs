using System.Security.Cryptography;
using Kippu.Crypto;

namespace Kippu.Tests.KeySchedule;

/// <summary>Key pairs that a trace gives, as key shares.</summary>
internal static class Rfc8448KeyPair
{
    public static KeyShare Import(NamedGroup group, byte[] privateKey, byte[] publicKey)
    {
        if (group == NamedGroup.X25519)
        {
            return new X25519KeyShare(SecretBytes.CopyOf(privateKey));
        }

        var parameters = new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            D = privateKey,
            Q = new ECPoint { X = publicKey[1..33], Y = publicKey[33..] },
        };
        return new NistKeyShare(group, ECDiffieHellman.Create(parameters));
    }
}
