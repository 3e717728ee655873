using System.CommandLine;
using System.Globalization;
using Engine;
using Spectre.Console;

namespace Examples.OwnRule;

/// <summary>What the engine makes of a rule that the reader writes: the formula, the vector kernel, the explained step.</summary>
internal static class OwnRuleCommand
{
    /// <summary>What it is called.</summary>
    public const string Name = "own-rule";

    /// <summary>What it does, in a line.</summary>
    public const string Description = "Shows what ten lines of a rule of one's own become: a printed formula, a step equal to the built-in rule's, an explanation.";

    /// <summary>Writes it on <paramref name="output"/>.</summary>
    public static void Configure(Command command, IAnsiConsole output) => command.SetAction(_ => Run(output));

    private static int Run(IAnsiConsole output)
    {
        output.WriteLine("Examples/OwnRule/RmsPropByHand.cs is a record struct with one method. Its formula, read off the code that runs:");
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
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{steps} steps on ½‖x‖² with {byHand.Shape.Length} elements: {(same ? "the same bits as" : "NOT equal to")} the built-in RmsProp."));

        byHand.SetGradient(byHand.Value);
        output.WriteLine();
        output.WriteLine("What the next step will do to element 0, and why:");
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
