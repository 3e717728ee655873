using System.CommandLine;
using Examples.BatchSize;
using Examples.Characters;
using Examples.Compare;
using Examples.Counterexample;
using Examples.Digits;
using Examples.Formulas;
using Examples.GradientFlow;
using Examples.Initialization;
using Examples.Logs;
using Examples.Mnist;
using Examples.Normalization;
using Examples.OwnOp;
using Examples.OwnRule;
using Examples.Precision;
using Examples.RangeTest;
using Examples.Regression;
using Examples.Regularization;
using Examples.Schedules;
using Examples.ShrinkingRate;
using Examples.Tabular;
using Examples.Words;
using Spectre.Console;

namespace Examples;

/// <summary>All examples, in the order in which they are listed.</summary>
internal static class ExampleCatalog
{
    /// <summary>The examples; the first is the one that runs when none is named.</summary>
    public static IReadOnlyList<ExampleEntry> All { get; } =
    [
        new(DigitsCommand.Name, DigitsCommand.Description, DigitsCommand.Configure),
        new(OwnRuleCommand.Name, OwnRuleCommand.Description, (command, output, _) => OwnRuleCommand.Configure(command, output)),
        new(OwnOpCommand.Name, OwnOpCommand.Description, (command, output, _) => OwnOpCommand.Configure(command, output)),
        new(LogsCommand.Name, LogsCommand.Description, LogsCommand.Configure),
        new(FormulasCommand.Name, FormulasCommand.Description, FormulasCommand.Configure),
        new(RangeTestCommand.Name, RangeTestCommand.Description, RangeTestCommand.Configure),
        new(SchedulesCommand.Name, SchedulesCommand.Description, SchedulesCommand.Configure),
        new(BatchSizeCommand.Name, BatchSizeCommand.Description, BatchSizeCommand.Configure),
        new(InitializationCommand.Name, InitializationCommand.Description, InitializationCommand.Configure),
        new(NormalizationCommand.Name, NormalizationCommand.Description, NormalizationCommand.Configure),
        new(RegularizationCommand.Name, RegularizationCommand.Description, RegularizationCommand.Configure),
        new(PrecisionCommand.Name, PrecisionCommand.Description, PrecisionCommand.Configure),
        new(GradientFlowCommand.Name, GradientFlowCommand.Description, GradientFlowCommand.Configure),
        new(ShrinkingRateCommand.Name, ShrinkingRateCommand.Description, ShrinkingRateCommand.Configure),
        new(CounterexampleCommand.Name, CounterexampleCommand.Description, CounterexampleCommand.Configure),
        new(MnistCommand.Name, MnistCommand.Description, MnistCommand.Configure),
        new(WineCommand.Name, WineCommand.Description, WineCommand.Configure),
        new(BreastCancerCommand.Name, BreastCancerCommand.Description, BreastCancerCommand.Configure),
        new(RegressionCommand.Name, RegressionCommand.Description, RegressionCommand.Configure),
        new(CharactersCommand.Name, CharactersCommand.Description, CharactersCommand.Configure),
        new(WordsCommand.Name, WordsCommand.Description, WordsCommand.Configure),
        new(CompareCommand.Name, CompareCommand.Description, CompareCommand.Configure),
    ];
}
