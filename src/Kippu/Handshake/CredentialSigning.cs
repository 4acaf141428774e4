namespace Kippu.Handshake;

/// <summary>A signature at once, or a question where the key lives elsewhere.</summary>
internal static class CredentialSigning
{
    public static void SignOrAsk(this TlsCredential credential, HandshakeChannel channel, SignatureScheme scheme, byte[] content, Action<ReadOnlyMemory<byte>> onSigned)
    {
        if (credential.Signer is { } signer)
        {
            channel.Ask(new SignatureQuestion(channel.Owner, signer, scheme, content, onSigned));
            return;
        }

        onSigned(credential.Sign(scheme, content));
    }
}
