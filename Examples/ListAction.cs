using System.CommandLine;
using System.CommandLine.Invocation;

namespace Examples;

/// <summary>Prints a line for each example.</summary>
internal sealed class ListAction(TextWriter output) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        int width = ExampleCatalog.All.Max(static example => example.Name.Length);
        foreach (ExampleEntry example in ExampleCatalog.All)
        {
            output.WriteLine($"{example.Name.PadRight(width)}  {example.Description}");
        }
        return 0;
    }
}
