namespace Engine;

/// <summary>Bytes that are no message of the expected type. Readers of files turn it into an error that names the place.</summary>
internal sealed class MalformedMessageException(string message) : FormatException(message);
