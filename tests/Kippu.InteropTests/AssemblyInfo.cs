using System.Runtime.Versioning;

// The peers are Debian's and Ubuntu's packages.
[assembly: SupportedOSPlatform("linux")]
