namespace Engine.Kernels;

/// <summary>
/// Work divided into numbered tasks, which may run in any order and on any thread. It holds pointers instead of references, because it
/// lives on the stack of its caller.
/// </summary>
internal interface IParallelWork
{
    /// <summary>Runs task number <paramref name="task"/>.</summary>
    void Run(int task);
}
