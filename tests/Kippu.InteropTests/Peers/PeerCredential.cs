using Kippu.Tests;

namespace Kippu.InteropTests.Peers;

/// <summary>A certificate chain and its key: PEM files for programs that read files, objects for those in this process.</summary>
/// <param name="CertificatePath">The leaf and what stands above it, without the root.</param>
/// <param name="KeyPath">The leaf's key.</param>
/// <param name="IntermediatesPath">What stands above the leaf, for those who want it apart.</param>
/// <param name="Identity">The same.</param>
internal sealed record PeerCredential(string CertificatePath, string KeyPath, string IntermediatesPath, TestIdentity Identity);
