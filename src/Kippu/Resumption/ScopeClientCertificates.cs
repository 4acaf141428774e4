namespace Kippu.Resumption;

/// <summary>Whether a server asks for client certificates, as far as the scope of its sessions is concerned.</summary>
internal enum ScopeClientCertificates
{
    None,
    Optional,
    Required,
}
