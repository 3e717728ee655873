using System.Diagnostics;
using System.Globalization;

namespace Engine;

/// <summary>A line of a program.</summary>
/// <param name="Method">The type and the method; empty where it is not known.</param>
/// <param name="File">The path of the source file as it was compiled; null without debugging symbols.</param>
/// <param name="Line">The line in the file, from 1; 0 without debugging symbols.</param>
public readonly record struct CallSite(string Method, string? File, int Line)
{
    /// <summary>The file and line, or the method where they are not known.</summary>
    public override string ToString() => File is not null
        ? string.Create(CultureInfo.InvariantCulture, $"{File}:{Line} ({Method})")
        : Method.Length > 0 ? Method : "an unknown place";

    /// <summary>The innermost caller on this thread's stack that is not in the engine.</summary>
    internal static CallSite OfCaller()
    {
        string? engine = typeof(CallSite).Assembly.GetName().Name;
        foreach (StackFrame frame in new StackTrace(fNeedFileInfo: true).GetFrames())
        {
            // methods that the AOT compiler kept no description of have none
            if (DiagnosticMethodInfo.Create(frame) is { } method && method.DeclaringAssemblyName.Split(',')[0] != engine)
            {
                return new CallSite($"{method.DeclaringTypeName}.{method.Name}", frame.GetFileName(), frame.GetFileLineNumber());
            }
        }
        return new CallSite("", null, 0);
    }
}
