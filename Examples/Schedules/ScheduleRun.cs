using Engine;

namespace Examples.Schedules;

/// <summary>What one schedule came to.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Mark">The letter that draws it in a terminal.</param>
/// <param name="Rates">The learning rate of each update.</param>
/// <param name="History">The training.</param>
/// <param name="Objectives">What is minimized, the penalized loss over all training images, after each epoch.</param>
internal sealed record ScheduleRun(
    string Name, char Mark, IReadOnlyList<double> Rates, TrainingHistory History, IReadOnlyList<double> Objectives);
