using System.CommandLine;
using System.Globalization;
using Engine;
using Spectre.Console;

namespace Examples.OwnRule;

/// <summary>Shows what the engine derives from a rule of the reader's own: the formula, the vector kernel, the explained step.</summary>
internal static class OwnRuleCommand
{
    /// <summary>The name of the command.</summary>
    public const string Name = "own-rule";

    /// <summary>The help text of the command.</summary>
    public const string Description =
        "Shows what ten lines of your own rule become: a printed formula, a step equal to the built-in rule's, an explanation.";

    /// <summary>Adds the action to <paramref name="command"/>.</summary>
    public static void Configure(Command command, IAnsiConsole output) => command.SetAction(_ => Run(output));

    private static int Run(IAnsiConsole output)
    {
        output.WriteLine("Examples/OwnRule/RmsPropByHand.cs is a record struct with one method. The formula of the code that runs:");
        output.WriteLine();
        output.WriteLine(Formula.Of(new RmsPropByHand()).ToText());

        const int steps = 100;
        Parameter<float> byHand = new("x", RandomStart()), builtIn = new("x", RandomStart());
        Optimizer<float> first = Optimizer.For(new RmsPropByHand(), [byHand]), second = Optimizer.For(new RmsProp(), [builtIn]);
        for (int step = 0; step < steps; step++)
        {
            byHand.SetGradient(byHand.Value); // the gradient of ½‖x‖² is x
            builtIn.SetGradient(builtIn.Value);
            first.Step();
            second.Step();
        }
        bool same = byHand.Value.Span.SequenceEqual(builtIn.Value.Span);
        output.WriteLine();
        string result = same ? "the same bits as" : "NOT equal to";
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{steps} steps on ½‖x‖² with {byHand.Shape.Length} elements: {result} the built-in RmsProp."));

        byHand.SetGradient(byHand.Value);
        output.WriteLine();
        output.WriteLine("What the next step does to element 0, and why:");
        output.WriteLine();
        output.WriteLine(first.Explain(byHand, 0).ToTable());
        return same ? 0 : 1;
    }

    private static Tensor<float> RandomStart()
    {
        float[] values = new float[1000];
        RandomKey.FromSeed(1).Fold("start").FillUniform<float>(values, -1, 1);
        return Tensor<float>.From(values);
    }
}
